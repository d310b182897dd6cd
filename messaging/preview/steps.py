"""What a claim would do with one message on one step of its route, looked at without a lock."""

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any

import msgspec
import psycopg

from messaging.contents.carrying import recipients_of
from messaging.dispatch.claiming import quotas
from messaging.dispatch.claiming.caps import cap_of
from messaging.dispatch.claiming.facts import Facts, facts_of
from messaging.dispatch.claiming.gates import Hold, pass_gates
from messaging.dispatch.claiming.leaving import Leaving, goes_on
from messaging.dispatch.claiming.marks import mark_of
from messaging.dispatch.mappings import Mapped, mapping
from messaging.explain.turns import Queue, next_turn, queue_before
from messaging.intake.steering import Steering
from messaging.routing import Step, says_something
from providers.registry import provider
from tenants.credential_fields import SMS_KINDS
from tenants.models import Quota
from tenants.texts.length import Length, length_of
from tenants.texts.rendering import NoSuchParameter, render


class Fate(StrEnum):
    """What becomes of a message at a step."""

    SENDS = "sends"
    WAITS = "waits"
    GOES_ON = "goesOn"
    REJECTED = "rejected"
    STANDBY = "standby"


class StepView(msgspec.Struct, frozen=True, kw_only=True):
    """One step as it would be taken; `at` (aware) is when it sends or goes on waiting until, None where unknown.

    `price` is in VND. `after` are the failures after which a message goes on from it.
    """

    position: int
    channel: str
    fate: Fate
    reason: str = ""
    at: datetime | None = None
    detail: dict[str, Any] = {}
    price: Decimal | None = None
    weight: int = 1
    after: tuple[str, ...] = ()
    sms: Length | None = None


class Person(msgspec.Struct, frozen=True):
    """A message as far as a step decides by it; `before` counts messages of the same request ahead of it.

    `ids` are the names of the person's ids that are known, `sms` is the length of the SMS that it brings itself.
    """

    template_id: int
    message_class: int
    hashed: bytes
    ids: frozenset[str]
    values: Mapping[str, str]
    sms: Length | None
    before: int


class Lookout:
    """Looks at the steps of one request's messages; what many messages share is read once."""

    def __init__(
        self, sql: "psycopg.Cursor[Any]", start: datetime | None, steering: Steering, own_lanes: bool, test: bool
    ) -> None:
        self._sql, self._start, self._steering, self._own_lanes, self._test = sql, start, steering, own_lanes, test
        self._facts: dict[tuple[int, int], tuple[Facts, Queue] | None] = {}

    def look(self, step: Step, person: Person, *, is_last: bool) -> StepView:
        """Return what the step does with the message; `is_last` says that nothing usable follows it."""
        mapped = mapping(person.template_id, step.channel_id)
        view = StepView(
            position=step.position, channel=step.channel_name, fate=Fate.GOES_ON, weight=step.weight,
            price=mapped.price if mapped and provider(step.kind).capabilities.priced else None,
            after=tuple(sorted(step.go_on_after)), sms=_length(step, mapped, person),
        )  # fmt: skip
        known = self._known(step.channel_id, person.message_class)
        if known is None or not says_something(step, person.template_id, person.sms is not None):
            return msgspec.structs.replace(view, reason="NOT_MAPPED")
        if person.ids.isdisjoint(recipients_of(step.kind)):
            return msgspec.structs.replace(view, reason="RECIPIENT_ID_MISSING")
        facts, queue = known
        start = max(facts.now, self._start or facts.now)
        stopped = self._stopped(facts, step, person, start, is_last)
        if stopped is not None:
            return msgspec.structs.replace(view, **stopped)
        queue = Queue(queue.ahead + person.before, queue.next_slot)
        at = next_turn(facts, queue, start)
        return msgspec.structs.replace(view, fate=Fate.SENDS, at=at, detail=queue.told if queue.ahead else {})

    def _known(self, channel_id: int, message_class: int) -> tuple[Facts, Queue] | None:
        key = (channel_id, message_class)
        if key not in self._facts:
            self._facts[key] = self._read(channel_id, message_class)
        return self._facts[key]

    def _read(self, channel_id: int, message_class: int) -> tuple[Facts, Queue] | None:
        facts = facts_of(self._sql, channel_id, message_class, self._test)
        if facts is None:
            return None
        queue = queue_before(self._sql, facts, max(facts.now, self._start or facts.now))
        if self._own_lanes:
            queue = Queue(0, queue.next_slot)
        facts = msgspec.structs.replace(facts, window=self._steering.window, speed=self._steering.speed)
        return facts, queue

    def _stopped(
        self, facts: Facts, step: Step, person: Person, start: datetime, is_last: bool
    ) -> dict[str, Any] | None:
        """Return what keeps the message from being sent here, in the claim's order; None where nothing does."""
        gate = pass_gates(facts, start)
        if isinstance(gate, Hold):
            leaving = Leaving(gate.reason, gate.cause, gate.detail, gate.until)
            return _left(leaving, Fate.WAITS, step, is_last)
        whole, by_template = self._limits(facts, start)
        spent = next((limit for limit in whole if limit.left <= person.before), None)
        if spent is not None:
            return _spent(spent, step, is_last)
        if facts.has_marks:
            marked = mark_of(self._sql, facts, person.hashed, start)
            if marked is not None:
                return _left(marked, Fate.REJECTED, step, is_last)
        mine = [limit for limit in by_template if limit.template_id == person.template_id]
        spent = next((limit for limit in mine if limit.left <= person.before), None)
        if spent is not None:
            return _spent(spent, step, is_last)
        over = cap_of(self._sql, facts, person.hashed, start) if facts.capped else None
        return _left(over, Fate.WAITS, step, is_last) if over is not None else None

    def _limits(self, facts: Facts, start: datetime) -> tuple[list[quotas.Limit], list[quotas.Limit]]:
        if not facts.has_quota:
            return [], []
        whole, by_template = quotas.read_limits(self._sql, facts.tenant_id, facts.channel_id, facts.zone, start)
        quotas.peek(self._sql, [*whole, *by_template])
        return whole, by_template


def _length(step: Step, mapped: Mapped | None, person: Person) -> Length | None:
    """Return how long the SMS of a step would be: of the message's own words, else the step's, else the template's."""
    if step.kind not in SMS_KINDS or person.sms is not None:
        return person.sms if step.kind in SMS_KINDS else None
    text = step.text or (mapped.text if mapped else "")
    try:
        return length_of(render(text, person.values), plain=step.plain) if text else None
    except NoSuchParameter:
        return None


def _spent(limit: quotas.Limit, step: Step, is_last: bool) -> dict[str, Any]:
    diverts = limit.on_limit == Quota.OnLimit.DIVERT
    leaving = Leaving("QUOTA_EXCEEDED", "out_of_quota" if diverts else "", limit.numbers, limit.resets)
    otherwise = Fate.REJECTED if limit.on_limit == Quota.OnLimit.REJECT else Fate.WAITS
    return _left(leaving, otherwise, step, is_last)


def _left(leaving: Leaving, otherwise: Fate, step: Step, is_last: bool) -> dict[str, Any]:
    """Return a step that the message leaves where it may, and what becomes of it `otherwise`."""
    leaves = not is_last and bool(leaving.cause) and goes_on(step, leaving.cause)
    fate = Fate.GOES_ON if leaves else otherwise
    at = leaving.until if fate is Fate.WAITS else None
    return {"fate": fate, "reason": leaving.reason, "at": at, "detail": leaving.detail}
