"""Reported failures: they end their leg as a refusal would, and the message goes on along its route."""

from collections import Counter
from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

import msgspec
import psycopg
import structlog

from messaging.dispatch.consequences import Followed, follow
from messaging.dispatch.deadlines import Late, over, waiting_legs
from messaging.dispatch.decide import may_follow
from messaging.dispatch.refused_tokens import as_configuration
from messaging.ids import leg_id
from messaging.states import Phase, State
from messaging.waiting import Decision, put
from providers.contract import ErrorClass, ErrorRow, Outcome, Verdict
from providers.registry import PROVIDERS
from tenants.runtime import channel_runtime

REASON = "REPORTED_FAILED"
log = structlog.get_logger(__name__)


class Failure(msgspec.Struct, frozen=True):
    """A receipt that says that a leg failed, by the error's code in the table of its provider (`source`)."""

    receipt_id: UUID
    message_id: UUID
    leg: int
    source: str
    error_code: str
    provider_message_id: str
    happened_at: datetime
    cost: Decimal | None
    currency: str

    @property
    def error(self) -> ErrorRow:
        """Return the error's row; an unknown code is taken for a passing fault, as in answers.

        Whoever reports failures holds the token that was refused, so that there is nothing here to renew.
        """
        known = PROVIDERS.get(self.source)
        row = known.errors.get(self.error_code) if known else None
        if row is None:
            row = ErrorRow(code=self.error_code, meaning="the provider reported a failure", error_class=_UNKNOWN)
        return as_configuration(row)


_UNKNOWN = ErrorClass.TRANSIENT


class Failed(msgspec.Struct, frozen=True):
    """What came of failures: the steps of bulks, receipts that must wait for the answer to their call, and what ended,
    each with the due row it had."""

    steps: "Counter[tuple[UUID, int, int]]"
    waiting: set[UUID]
    ended: Sequence[tuple[Failure, Late]]


def fail_legs(sql: "psycopg.Cursor[Any]", failures: Sequence[Failure], now: datetime) -> Failed:
    """End the legs that failed, for messages whose due rows the caller holds.

    A leg whose call is still under way is left to its receipt's next look; one that the message has left behind, or
    that has ended, is changed no more.
    """
    rows = {late.message_id: late for late in waiting_legs(sql, [failure.message_id for failure in failures])}
    waiting: set[UUID] = set()
    ended: dict[UUID, tuple[Failure, Late]] = {}
    for failure in failures:
        late = rows.get(failure.message_id)
        if late is None or late.ended or late.leg != failure.leg:
            continue
        if late.phase in (Phase.SENDING, Phase.ASKING):
            waiting.add(failure.receipt_id)
        elif late.phase in (Phase.AWAITING, Phase.UNKNOWN):
            ended.setdefault(failure.message_id, (failure, late))
    steps = put(sql, [_decide(failure, late, now) for failure, late in ended.values()])
    return Failed(steps, waiting, list(ended.values()))


def teach(ended: Sequence[tuple[Failure, Late]]) -> None:
    """Do what reported errors mean beyond their messages: remember persons, stop channels. Safe to repeat."""
    if not ended:
        return
    try:
        follow(
            [
                Followed(
                    failure.message_id,
                    Outcome(
                        leg_id=leg_id(failure.message_id, failure.leg), verdict=Verdict.REFUSED, error=failure.error
                    ),
                    channel_runtime(late.channel_id, late.test),
                    late.template_id,
                )
                for failure, late in ended
            ]
        )
    except LookupError as error:
        log.warning("receipt.teaches_nothing", error=str(error))


def _decide(failure: Failure, late: Late, now: datetime) -> Decision:
    error = failure.error
    # A leg that was reported as failed is over: nothing is left to wait for.
    may_go_on = may_follow(error, late.message_class, last_chance=True)
    decision = over(late, now, error.error_class.value, State.UNDELIVERABLE, REASON, may_go_on=may_go_on)
    change = decision.change
    change.error_code, change.provider_message_id = error.code, failure.provider_message_id
    told = {"code": error.code, "meaning": error.meaning, "reportedAt": failure.happened_at.isoformat()}
    change.detail = (change.detail or {}) | told | ({"advice": error.advice} if error.advice else {})
    if failure.cost is not None:
        change.cost, change.currency = failure.cost, failure.currency
    return decision
