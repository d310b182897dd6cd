"""What an outcome means for a message: pure, by the error class and the rules of DESIGN section 5."""

from datetime import datetime, timedelta
from decimal import Decimal

import msgspec

from messaging.dispatch.claiming.types import Claimed
from messaging.dispatch.retries import backoff, next_try
from messaging.ledger import Change
from messaging.routing import Onward
from messaging.states import MessageClass, Phase, State
from messaging.waiting import Decision, Wait
from providers.contract import ErrorClass, ErrorRow, Failover, Outcome, Retry, Scope, Verdict

TEMPLATE_RECHECK = timedelta(minutes=5)
HOLD_RECHECK = timedelta(seconds=5)
RESENDS = 2


class Rules(msgspec.Struct, frozen=True, kw_only=True):
    """What decides besides the outcome: `deadline` and `unknown_wait` count from hand-over; `price` is in VND.

    `onward` is where the message goes when this leg is over; None where its route ends here. Without `receipts` nothing
    will be told of an accepted message.
    """

    deadline: timedelta
    unknown_wait: timedelta
    resend_unknown: bool = False
    price: Decimal | None = None
    onward: Onward | None = None
    receipts: bool = True


def decide(claimed: Claimed, channel_id: int, outcome: Outcome, rules: Rules, now: datetime) -> Decision:
    """Return what becomes of `claimed` after a call with this outcome; `now` is aware."""
    change = _change(claimed, channel_id, outcome, now)
    if outcome.verdict is Verdict.ACCEPTED:
        return _accepted(claimed, change, outcome, rules, now)
    if outcome.verdict is Verdict.NOT_SENT:
        change.event, change.reason = "not_sent", "NOT_SENT"
        later = now + backoff(min(claimed.attempt, 8))
        return Decision(change=change, wait=Wait(Phase.READY, later, claimed.tries, uncalled=True), returned=True)
    if outcome.verdict is Verdict.UNKNOWN or outcome.error is None:
        return _unknown(claimed, change, outcome, rules, now)
    return _refused(claimed, change, outcome, outcome.error, rules, now)


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
    if not rules.receipts:
        change.deadline_at = None
        return Decision(change=end(change, State.SENT, "sent", ""))
    return Decision(change=change, wait=Wait(Phase.AWAITING, change.deadline_at, claimed.tries))


def _unknown(claimed: Claimed, change: Change, outcome: Outcome, rules: Rules, now: datetime) -> Decision:
    if rules.resend_unknown and claimed.tries < RESENDS:
        change.event, change.reason = "resend", "OUTCOME_UNKNOWN"
        tries = claimed.tries + 1
        return Decision(change=change, wait=Wait(Phase.READY, now + backoff(tries), tries))
    change.state, change.event, change.reason = State.UNKNOWN, "unknown", "OUTCOME_UNKNOWN"
    change.only_if_moved = True  # a receipt may have told the outcome meanwhile
    change.provider_message_id = outcome.provider_message_id
    change.deadline_at = min(now + rules.unknown_wait, now + rules.deadline, claimed.expires_at)
    return Decision(change=change, wait=Wait(Phase.UNKNOWN, change.deadline_at, claimed.tries))


def _refused(
    claimed: Claimed, change: Change, outcome: Outcome, error: ErrorRow, rules: Rules, now: datetime
) -> Decision:
    change.event, change.reason = "refused", error.error_class.upper()
    wait = _retry(claimed, change, outcome, error, now)
    in_time = wait is not None and wait.due_at < claimed.expires_at
    passes = error.error_class is ErrorClass.TRANSIENT
    state, reason = (State.UNDELIVERABLE, "RETRIES_USED_UP") if passes else (State.REJECTED, error.error_class.upper())
    if rules.onward is not None and not (passes and in_time) and _goes_on(rules.onward, error, claimed, not in_time):
        return go_on(claimed.leg, change, rules.onward, state, reason, now)
    if wait is not None:
        return Decision(change=change, wait=wait, returned=True)
    event = "failed" if state is State.UNDELIVERABLE else "rejected"
    return Decision(change=end(change, state, event, reason), returned=True)


def _retry(claimed: Claimed, change: Change, outcome: Outcome, error: ErrorRow, now: datetime) -> Wait | None:
    """Return when the same leg may be tried again, if at all."""
    if error.retry is Retry.BACKOFF:
        if claimed.tries < error.tries:
            tries = claimed.tries + 1
            change.event = "retry"
            return Wait(Phase.READY, next_try(error.retry, now, tries, outcome.retry_after) or now, tries)
    else:
        later = next_try(error.retry, now, claimed.tries + 1, outcome.retry_after)
        if later is not None:
            change.event = "held"
            return Wait(Phase.READY, later, claimed.tries)
    if error.error_class is ErrorClass.TOKEN:
        change.event = "held"
        return Wait(Phase.READY, now + HOLD_RECHECK, claimed.tries)
    if error.error_class is ErrorClass.CONFIGURATION and error.scope in (Scope.CHANNEL, Scope.TEMPLATE):
        change.event = "held"
        recheck = TEMPLATE_RECHECK if error.scope is Scope.TEMPLATE else HOLD_RECHECK
        return Wait(Phase.READY, now + recheck, claimed.tries)
    return None


def _goes_on(onward: Onward, error: ErrorRow, claimed: Claimed, last_chance: bool) -> bool:
    return error.error_class.value in onward.causes and may_follow(error, claimed.message_class, last_chance)


def may_follow(error: ErrorRow, message_class: int, last_chance: bool) -> bool:
    """Return whether another channel may carry what this error refused.

    `last_chance` says that the message would otherwise end or expire here.
    """
    if error.failover is Failover.LATE:
        return last_chance
    if error.failover is Failover.NOT_PROMOTIONAL:
        return message_class != MessageClass.PROMOTIONAL
    return error.failover is not Failover.NO


def go_on(leg: int, change: Change, onward: Onward, leg_state: State, reason: str, now: datetime) -> Decision:
    """Return the decision that ends this leg and queues the message for the next step of its route."""
    change.state, change.leg_state, change.event, change.reason = State.QUEUED, leg_state, "failover", reason
    change.detail = (change.detail or {}) | {"nextChannel": onward.channel_name}
    expires_at = now + onward.expires_in if onward.expires_in else None
    wait = Wait(Phase.READY, now, 0, onward.lane_id, leg + 1, onward.position, expires_at=expires_at)
    return Decision(change=change, wait=wait, returned=True)
