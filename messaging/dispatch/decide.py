"""What an outcome means for a message: pure, by the error class and the rules of DESIGN section 5."""

from datetime import datetime, timedelta
from decimal import Decimal

import msgspec

from messaging.dispatch.claim import Claimed
from messaging.dispatch.retries import backoff, next_try
from messaging.ledger import Change
from messaging.states import MessageClass, Phase, State
from providers.contract import ErrorClass, ErrorRow, Outcome, Retry, Scope, Verdict

TEMPLATE_RECHECK = timedelta(minutes=5)
HOLD_RECHECK = timedelta(seconds=5)
RESENDS = 2


class Rules(msgspec.Struct, frozen=True, kw_only=True):
    """What decides besides the outcome: `deadline` and `unknown_wait` count from hand-over; `price` is in VND."""

    deadline: timedelta
    unknown_wait: timedelta
    resend_unknown: bool = False
    price: Decimal | None = None


class Wait(msgspec.Struct, frozen=True):
    """What the due row waits for next, until when (aware), and with how many refused tries behind it."""

    phase: Phase
    due_at: datetime
    tries: int


class Decision(msgspec.Struct, frozen=True, kw_only=True):
    """The line for the ledger and what the due row waits for; nothing where the message has ended."""

    change: Change
    wait: Wait | None = None


def decide(claimed: Claimed, channel_id: int, outcome: Outcome, rules: Rules, now: datetime) -> Decision:
    """Return what becomes of `claimed` after a call with this outcome; `now` is aware."""
    change = _change(claimed, channel_id, outcome, now)
    if outcome.verdict is Verdict.ACCEPTED:
        return _accepted(claimed, change, outcome, rules, now)
    if outcome.verdict is Verdict.NOT_SENT:
        change.event, change.reason = "not_sent", "NOT_SENT"
        return Decision(change=change, wait=Wait(Phase.READY, now + backoff(min(claimed.attempt, 8)), claimed.tries))
    if outcome.verdict is Verdict.UNKNOWN or outcome.error is None:
        return _unknown(claimed, change, rules, now)
    return _refused(claimed, change, outcome, outcome.error, now)


def end(change: Change, state: State, event: str, reason: str) -> Change:
    """Turn `change` into the end of its message: an OTP's content goes with it."""
    change.state, change.event, change.reason, change.ended = state, event, reason, True
    change.erase = change.message_id.int >> 6 & 3 == MessageClass.OTP
    return change


def _change(claimed: Claimed, channel_id: int, outcome: Outcome, now: datetime) -> Change:
    error = outcome.error
    detail: dict[str, object] = {"attempt": claimed.attempt, "ms": round(outcome.elapsed * 1000)}
    if outcome.http_status:
        detail["httpStatus"] = outcome.http_status
    if error is not None:
        detail |= {"code": error.code, "meaning": error.meaning, "advice": error.advice}
    if outcome.text:
        detail["text"] = outcome.text
    return Change(
        message_id=claimed.message_id,
        tenant_id=claimed.tenant_id,
        leg=claimed.leg,
        channel_id=channel_id,
        state=State.QUEUED,
        event="",
        at=now,
        attempts=claimed.attempt,
        error_code=error.code if error else "",
        detail=detail,
    )


def _accepted(claimed: Claimed, change: Change, outcome: Outcome, rules: Rules, now: datetime) -> Decision:
    change.state, change.event = State.SENT, "sent"
    change.provider_message_id = outcome.provider_message_id
    change.sent_at = now
    change.deadline_at = min(now + rules.deadline, claimed.expires_at)
    if rules.price is not None:
        change.cost, change.currency = rules.price, "VND"
    return Decision(change=change, wait=Wait(Phase.AWAITING, change.deadline_at, claimed.tries))


def _unknown(claimed: Claimed, change: Change, rules: Rules, now: datetime) -> Decision:
    if rules.resend_unknown and claimed.tries < RESENDS:
        change.event, change.reason = "resend", "OUTCOME_UNKNOWN"
        tries = claimed.tries + 1
        return Decision(change=change, wait=Wait(Phase.READY, now + backoff(tries), tries))
    change.state, change.event, change.reason = State.UNKNOWN, "unknown", "OUTCOME_UNKNOWN"
    change.deadline_at = min(now + rules.unknown_wait, now + rules.deadline, claimed.expires_at)
    return Decision(change=change, wait=Wait(Phase.UNKNOWN, change.deadline_at, claimed.tries))


def _refused(claimed: Claimed, change: Change, outcome: Outcome, error: ErrorRow, now: datetime) -> Decision:
    change.event, change.reason = "refused", error.error_class.upper()
    if error.retry is Retry.BACKOFF:
        if claimed.tries < error.tries:
            tries = claimed.tries + 1
            change.event = "retry"
            at = next_try(error.retry, now, tries, outcome.retry_after)
            return Decision(change=change, wait=Wait(Phase.READY, at or now, tries))
        if error.error_class is ErrorClass.TRANSIENT:
            return Decision(change=end(change, State.UNDELIVERABLE, "failed", "RETRIES_USED_UP"))
    later = next_try(error.retry, now, claimed.tries + 1, outcome.retry_after)
    if later is not None and error.retry is not Retry.BACKOFF:
        change.event = "held"
        return Decision(change=change, wait=Wait(Phase.READY, later, claimed.tries))
    if error.error_class is ErrorClass.TOKEN:
        change.event = "held"
        return Decision(change=change, wait=Wait(Phase.READY, now + HOLD_RECHECK, claimed.tries))
    if error.error_class is ErrorClass.CONFIGURATION and error.scope in (Scope.CHANNEL, Scope.TEMPLATE):
        change.event = "held"
        recheck = TEMPLATE_RECHECK if error.scope is Scope.TEMPLATE else HOLD_RECHECK
        return Decision(change=change, wait=Wait(Phase.READY, now + recheck, claimed.tries))
    return Decision(change=end(change, State.REJECTED, "rejected", error.error_class.upper()))
