"""Takes a request in: everything or nothing."""

import secrets
import time
from collections.abc import Sequence
from contextlib import AbstractContextManager, nullcontext
from datetime import UTC, datetime
from functools import partial
from typing import NamedTuple
from uuid import UUID

from django.db import transaction
from psycopg.errors import UniqueViolation

from messaging.content import Content, seal_content, seal_recipient
from messaging.dispatch import bell
from messaging.ids import message_ids
from messaging.intake import own_ids, times
from messaging.intake.decode import decode
from messaging.intake.errors import Findings
from messaging.intake.request import MessageIn, Options, SendRequest
from messaging.intake.store import Batch, Kind, store
from messaging.intake.times import Times
from messaging.intake.validate import Checked, Validator
from messaging.lanes import lane_for
from tenants import data_keys
from tenants.data_keys import ContentKey

# A bulk of this size has its own lanes: whoever comes after it does not queue behind it.
OWN_LANES_FROM = 500


class Accepted(NamedTuple):
    """What was stored: `message_ids` are the client's own where given, in the order of the request."""

    bulk_id: UUID
    message_ids: list[str]
    recipients: list[str]
    replayed: bool = False


class Claim(NamedTuple):
    """An Idempotency-Key held by this transaction."""

    key: str
    body_hash: bytes


def accept(tenant_id: int, body: bytes, *, test: bool) -> Accepted:
    """Store the messages of a JSON body and ring for them.

    Raises NotJson for broken JSON and Refused with all that is wrong; then nothing is stored.
    """
    findings = Findings()
    return accept_request(tenant_id, decode(body, findings), test=test, findings=findings)


def accept_request(
    tenant_id: int, request: SendRequest, *, test: bool, findings: Findings | None = None, claim: Claim | None = None
) -> Accepted:
    """Store the messages of a decoded request and ring for them; `findings` holds what decoding found.

    Raises Refused with all that is wrong; then nothing is stored.
    """
    findings = findings or Findings()
    options = request.options or Options()
    validator = Validator(tenant_id, options, findings)
    planned = times.plan(options, findings)
    checked = [validator.check(n, message) for n, message in enumerate(request.messages)]
    findings.raise_if_any()
    return _Intake(tenant_id, test, options, planned, validator, claim).store(
        request.messages, [message for message in checked if message is not None]
    )


class _Intake:
    """Turns checked messages into rows."""

    def __init__(
        self, tenant_id: int, test: bool, options: Options, planned: Times, validator: Validator, claim: Claim | None
    ) -> None:
        self.tenant_id = tenant_id
        self.test = test
        self.options = options
        self.planned = planned
        self.validator = validator
        self.claim = claim
        self.bulk_id = bulk_id()
        self.lanes: dict[int, int] = {}

    def store(self, messages: Sequence[MessageIn], checked: Sequence[Checked]) -> Accepted:
        """Seal, write and ring."""
        own = [message.message_id for message in messages] if any(m.message_id for m in messages) else None
        try:
            with self._transaction(len(messages)):
                batch = self._batch(messages, checked, own)
                store(batch)
                transaction.on_commit(partial(bell.ring, [(lane, cls) for cls, lane in self.lanes.items()]))
        except UniqueViolation as error:
            own_ids.explain(self.tenant_id, own or [], error)
        shown = [own_id or id.hex for own_id, id in zip(own, batch.ids, strict=True)] if own else None
        recipients = [message.phone for message in checked]
        return Accepted(self.bulk_id, shown or [id.hex for id in batch.ids], recipients)

    def _transaction(self, size: int) -> AbstractContextManager[None]:
        """A single statement commits by itself; own lanes are written beside it, and a caller's transaction must
        survive a refused request."""
        if size >= OWN_LANES_FROM or transaction.get_connection().in_atomic_block:
            return transaction.atomic()
        return nullcontext()

    def _batch(self, messages: Sequence[MessageIn], checked: Sequence[Checked], own: list[str | None] | None) -> Batch:
        kinds, message_kinds = self._kinds(checked)
        ids = _ids([kinds[k].message_class for k in message_kinds])
        key = data_keys.content_key(self.tenant_id, datetime.now(UTC).date())
        recipients, hashes, contents = self._sealed(key, ids, messages, checked)
        route, platform = self.validator.route, self.options.platform
        references = [message.reference for message in messages]
        return Batch(
            tenant_id=self.tenant_id,
            bulk_id=self.bulk_id,
            route_id=route.id if route else 0,
            test=self.test,
            data_key_id=key.id,
            send_at=self.planned.send_at,
            entity_id=platform.entity_id if platform else None,
            application_id=platform.application_id if platform else None,
            kinds=kinds,
            ids=ids,
            message_kinds=message_kinds,
            recipients=recipients,
            hashes=hashes,
            contents=contents,
            client_ids=own,
            references=references if any(references) else None,
            key=self.claim.key if self.claim else None,
            body_hash=self.claim.body_hash if self.claim else None,
        )

    def _sealed(
        self, key: ContentKey, ids: Sequence[UUID], messages: Sequence[MessageIn], checked: Sequence[Checked]
    ) -> tuple[list[bytes], list[bytes], list[bytes]]:
        """Return the stored forms: recipients, their hashes, contents."""
        hash_of = data_keys.recipients(self.tenant_id).hash
        recipients, hashes, contents = [], [], []
        for id, message, (phone, _, values) in zip(ids, messages, checked, strict=True):
            recipients.append(seal_recipient(key, id, phone))
            hashes.append(hash_of(phone))
            contents.append(seal_content(key, id, _content(message, values)))
        return recipients, hashes, contents

    def _kinds(self, checked: Sequence[Checked]) -> tuple[list[Kind], list[int]]:
        """Return the kinds that occur and, for each message, which of them it is."""
        kinds: list[Kind] = []
        known: dict[int, int] = {}
        message_kinds = []
        for _, template, _ in checked:
            k = known.get(template.id)
            if k is None:
                k = known[template.id] = len(kinds)
                kinds.append(self._kind(template.id, self.validator.class_of(template), len(checked)))
            message_kinds.append(k)
        return kinds, message_kinds

    def _kind(self, template_id: int, message_class: int, size: int) -> Kind:
        lane = self.lanes.get(message_class)
        if lane is None:
            route = self.validator.route
            channel_id = route.channel_id if route else 0
            own = self.bulk_id if size >= OWN_LANES_FROM else None
            lane = lane_for(self.tenant_id, channel_id, message_class, self.test, own)
            self.lanes[message_class] = lane
        return Kind(template_id, message_class, lane, self.planned.validity_of(message_class))


def _ids(classes: Sequence[int]) -> list[UUID]:
    """Return ascending ids for messages of these classes."""
    ids = message_ids(len(classes), classes[0])
    if len(set(classes)) == 1:
        return ids
    return [UUID(int=id.int & ~0xC0 | cls << 6) for id, cls in zip(ids, classes, strict=True)]


def _content(message: MessageIn, values: dict[str, str]) -> Content:
    return Content(
        values,
        message.journey_token or "",
        message.mode or "",
        message.sending_mode or "",
        message.callback_data or "",
    )


def bulk_id() -> UUID:
    """Return a new UUIDv7 (RFC 9562)."""
    number = (time.time_ns() // 1_000_000) << 80 | secrets.randbits(80)
    return UUID(int=number & ~(0xF << 76) & ~(0x3 << 62) | 0x7 << 76 | 0x2 << 62)
