"""Checked messages as the rows they become: ids made, kinds and lanes found, content sealed."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import NamedTuple
from uuid import UUID

from messaging.content import Content, Person, seal_content, seal_recipient
from messaging.ids import message_ids
from messaging.intake.request import MessageIn, Options, PersonIn
from messaging.intake.resolve import KnownTemplate
from messaging.intake.steering import Steering
from messaging.intake.store import Batch, Kind
from messaging.intake.times import Times
from messaging.intake.validate import Checked, Validator
from messaging.lanes import lane_for
from messaging.mini_apps.visits import Visit
from messaging.routing import share
from tenants import data_keys
from tenants.data_keys import ContentKey

# A bulk of this size has its own lanes: whoever comes after it does not queue behind it.
OWN_LANES_FROM = 500


class Claim(NamedTuple):
    """An Idempotency-Key held by this transaction."""

    key: str
    body_hash: bytes


class Rows:
    """Builds the batch of one request; `lanes` are its lanes by message class and channel, known once it is built.

    With `in_bulks_lanes` even a short piece of a bulk queues in the lanes of its bulk.
    """

    def __init__(
        self,
        tenant_id: int,
        bulk_id: UUID,
        test: bool,
        options: Options,
        steering: Steering,
        planned: Times,
        validator: Validator,
        claim: Claim | None,
    ) -> None:
        self._tenant_id = tenant_id
        self._bulk_id = bulk_id
        self._test = test
        self._options = options
        self._steering = steering
        self._planned = planned
        self._validator = validator
        self._claim = claim
        self.lanes: dict[tuple[int, int], int] = {}
        self.in_bulks_lanes = False

    def own_lanes(self, size: int) -> bool:
        """Return whether a bulk of `size` messages has lanes and counters of its own."""
        return self.in_bulks_lanes or size >= OWN_LANES_FROM or self._steering.own_lanes

    def batch(
        self, messages: Sequence[MessageIn], checked: Sequence[Checked], own_ids: list[str | None] | None
    ) -> Batch:
        """Return the rows, ids in the order of the messages. Makes lanes where there are none yet."""
        kinds, message_kinds = self._kinds(checked)
        ids = _ids([kinds[k].message_class for k in message_kinds])
        key = data_keys.content_key(self._tenant_id, datetime.now(UTC).date())
        recipients, hashes, contents = self._sealed(key, ids, messages, checked)
        route, platform, claim = self._validator.route, self._options.platform, self._claim
        references = [message.reference for message in messages]
        with_sms = any(one.sms for one in checked)
        return Batch(
            tenant_id=self._tenant_id,
            bulk_id=self._bulk_id,
            route_id=route.id if route else 0,
            step=route.position if route else 1,
            test=self._test,
            data_key_id=key.id,
            send_at=self._planned.send_at,
            steering=self._steering,
            counted=self.own_lanes(len(messages)),
            entity_id=platform.entity_id if platform else None,
            application_id=platform.application_id if platform else None,
            kinds=kinds,
            ids=ids,
            message_kinds=message_kinds,
            recipients=recipients,
            hashes=hashes,
            contents=contents,
            client_ids=own_ids,
            references=references if any(references) else None,
            sms_validities=[one.sms.validity if one.sms else None for one in checked] if with_sms else None,
            visits=self._visits(ids, messages),
            key=claim.key if claim else None,
            body_hash=claim.body_hash if claim else None,
        )

    def _sealed(
        self, key: ContentKey, ids: Sequence[UUID], messages: Sequence[MessageIn], checked: Sequence[Checked]
    ) -> tuple[list[bytes], list[bytes], list[bytes]]:
        """Return the stored forms: recipients, their hashes, contents."""
        hash_of = data_keys.recipients(self._tenant_id).hash
        recipients, hashes, contents = [], [], []
        plain = bool(self._options.remove_diacritics)
        for id, message, one in zip(ids, messages, checked, strict=True):
            recipients.append(seal_recipient(key, id, one.person or one.phone))
            hashes.append(hash_of(one.phone))
            contents.append(seal_content(key, id, _content(message, one, plain)))
        return recipients, hashes, contents

    def _visits(self, ids: Sequence[UUID], messages: Sequence[MessageIn]) -> list[Visit]:
        """Return which messages name a Mini App's user, with what is told of them."""
        hash_of = data_keys.recipients(self._tenant_id).hash
        return [
            Visit(id, hash_of(Person(mini_app_user_id=to.mini_app_user_id).key), to.opted_in, to.last_visit)
            for id, to in zip(ids, (message.to for message in messages), strict=True)
            if isinstance(to, PersonIn) and to.mini_app_user_id
        ]

    def _kinds(self, checked: Sequence[Checked]) -> tuple[list[Kind], list[int]]:
        """Return the kinds that occur and, for each message, which of them it is."""
        kinds: list[Kind] = []
        known: dict[tuple[int, int], int] = {}
        message_kinds = []
        for one in checked:
            template = one.template
            channel = self._channel(template)
            k = known.get((template.id, channel))
            if k is None:
                k = known[template.id, channel] = len(kinds)
                kinds.append(self._kind(template.id, self._validator.class_of(template), channel, len(checked)))
            message_kinds.append(k)
        return kinds, message_kinds

    def _channel(self, template: KnownTemplate) -> int:
        """Return the channel over which one message of the template begins; equals of the first position share."""
        route = self._validator.route
        if route is None:
            return 0
        if len(route.first) == 1:
            return route.channel_id
        return share(route.id, route.position, template.channels) or route.channel_id

    def _kind(self, template_id: int, message_class: int, channel_id: int, size: int) -> Kind:
        lane = self.lanes.get((message_class, channel_id))
        if lane is None:
            own = self._bulk_id if self.own_lanes(size) else None
            lane = lane_for(self._tenant_id, channel_id, message_class, self._test, own)
            self.lanes[message_class, channel_id] = lane
        return Kind(template_id, message_class, lane, self._planned.validity_of(message_class))


def _ids(classes: Sequence[int]) -> list[UUID]:
    """Return ascending ids for messages of these classes."""
    ids = message_ids(len(classes), classes[0])
    if len(set(classes)) == 1:
        return ids
    return [UUID(int=id.int & ~0xC0 | cls << 6) for id, cls in zip(ids, classes, strict=True)]


def _content(message: MessageIn, checked: Checked, plain: bool) -> Content:
    said, sms = checked.content, checked.sms
    return Content(
        checked.values,
        message.journey_token or "",
        message.mode or "",
        message.sending_mode or "",
        message.callback_data or "",
        said.kind.value if said else "TEMPLATE",
        said.text if said else "",
        said.extra if said else {},
        sms.text if sms else "",
        sms.sender if sms else "",
        sms.plain if sms else plain,
    )
