"""What an outcome means for a message, class by class."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import msgspec
import pytest

from messaging.dispatch.claiming import Claimed
from messaging.dispatch.decide import Rules, decide
from messaging.ids import leg_id, message_ids
from messaging.routing import Onward
from messaging.states import MessageClass, Phase, State
from messaging.waiting import Decision
from providers.contract import ErrorClass, ErrorRow, Failover, Outcome, Retry, Scope, Verdict

NOW = datetime(2026, 11, 21, 3, 0, tzinfo=UTC)
RULES = Rules(deadline=timedelta(seconds=15), unknown_wait=timedelta(seconds=20), price=Decimal(300))


def claimed(tries: int = 0, message_class: MessageClass = MessageClass.OTP, valid: float = 300) -> Claimed:
    (message_id,) = message_ids(1, message_class)
    return Claimed(message_id, 1, message_class, 1 + tries, tries, 1, 1, NOW + timedelta(seconds=valid))


def outcome(verdict: Verdict, error: ErrorRow | None = None) -> Outcome:
    return Outcome(leg_id=leg_id(message_ids(1, 1)[0], 1), verdict=verdict, error=error, provider_message_id="m1")


def refused(
    error_class: ErrorClass, scope: Scope = Scope.MESSAGE, retry: Retry = Retry.NEVER, tries: int = 0
) -> Outcome:
    row = ErrorRow(code="-1", meaning="m", error_class=error_class, scope=scope, retry=retry, tries=tries)
    return outcome(Verdict.REFUSED, row)


def judged(of: Outcome, message: Claimed | None = None, rules: Rules = RULES) -> Decision:
    return decide(message or claimed(), 7, of, rules, NOW)


def test_an_accepted_message_waits_for_its_receipt_until_the_deadline():
    decision = judged(outcome(Verdict.ACCEPTED))
    assert decision.change.state is State.SENT
    assert (decision.change.cost, decision.change.currency) == (Decimal(300), "VND")
    assert decision.wait is not None
    assert (decision.wait.phase, decision.wait.due_at) == (Phase.AWAITING, NOW + timedelta(seconds=15))


def test_a_deadline_never_outlives_the_validity():
    decision = judged(outcome(Verdict.ACCEPTED), claimed(valid=4))
    assert decision.wait is not None
    assert decision.wait.due_at == NOW + timedelta(seconds=4)


def test_a_call_that_never_left_is_tried_again_without_counting():
    decision = judged(outcome(Verdict.NOT_SENT), claimed(tries=2))
    assert decision.wait is not None
    assert (decision.change.state, decision.wait.phase, decision.wait.tries) == (State.QUEUED, Phase.READY, 2)


def test_an_unknown_outcome_waits_for_the_earliest_of_its_bounds():
    decision = judged(outcome(Verdict.UNKNOWN))
    assert decision.wait is not None
    assert (decision.change.state, decision.wait.phase) == (State.UNKNOWN, Phase.UNKNOWN)
    assert decision.wait.due_at == NOW + timedelta(seconds=15)


@pytest.mark.parametrize("error_class", [ErrorClass.RECIPIENT, ErrorClass.MESSAGE, ErrorClass.NONE])
def test_what_no_retry_can_mend_is_rejected_and_an_otp_erased(error_class: ErrorClass):
    decision = judged(refused(error_class))
    assert decision.wait is None
    assert (decision.change.state, decision.change.ended, decision.change.erase) == (State.REJECTED, True, True)
    assert decision.change.reason == error_class.upper()


def test_the_content_of_an_order_is_not_erased_at_its_end():
    decision = judged(refused(ErrorClass.RECIPIENT), claimed(message_class=MessageClass.TRANSACTIONAL))
    assert decision.change.erase is False


@pytest.mark.parametrize("tries", [0, 1, 2])
def test_a_transient_error_is_retried_as_often_as_its_row_says(tries: int):
    decision = judged(refused(ErrorClass.TRANSIENT, retry=Retry.BACKOFF, tries=3), claimed(tries))
    assert decision.wait is not None
    assert (decision.change.event, decision.wait.phase, decision.wait.tries) == ("retry", Phase.READY, tries + 1)


def test_used_up_retries_end_undeliverable():
    decision = judged(refused(ErrorClass.TRANSIENT, retry=Retry.BACKOFF, tries=3), claimed(3))
    assert decision.wait is None
    assert (decision.change.state, decision.change.reason) == (State.UNDELIVERABLE, "RETRIES_USED_UP")


def test_a_quota_error_holds_the_message_until_the_reset():
    decision = judged(refused(ErrorClass.QUOTA, retry=Retry.NEXT_DAY))
    assert decision.wait is not None
    assert (decision.change.state, decision.change.event) == (State.QUEUED, "held")
    assert decision.wait.due_at >= datetime(2026, 11, 21, 17, 0, tzinfo=UTC)


def late(valid: float, retry: Retry = Retry.NEXT_DAY) -> Decision:
    """What becomes of a message with another step behind it, refused by a code that may go on only late."""
    row = ErrorRow(code="-1", meaning="m", error_class=ErrorClass.QUOTA, retry=retry, failover=Failover.LATE)
    onward = Onward(frozenset({"quota"}), 9, 2, "sms")
    rules = msgspec.structs.replace(RULES, onward=onward)
    return judged(outcome(Verdict.REFUSED, row), claimed(valid=valid), rules)


def test_a_code_that_may_go_on_late_waits_while_there_is_time():
    decision = late(172_800)
    assert decision.wait is not None
    assert (decision.change.event, decision.wait.leg) == ("held", None)


@pytest.mark.parametrize(("valid", "retry"), [(300, Retry.NEXT_DAY), (172_800, Retry.NEVER)])
def test_it_goes_on_where_the_message_would_expire_or_end(valid: float, retry: Retry):
    decision = late(valid, retry)
    assert decision.wait is not None
    assert (decision.change.event, decision.change.reason, decision.wait.leg) == ("failover", "QUOTA", 2)


@pytest.mark.parametrize("scope", [Scope.CHANNEL, Scope.TEMPLATE])
def test_a_configuration_error_keeps_the_message_for_when_it_is_mended(scope: Scope):
    decision = judged(refused(ErrorClass.CONFIGURATION, scope))
    assert decision.wait is not None
    assert (decision.change.state, decision.wait.phase) == (State.QUEUED, Phase.READY)


def test_a_configuration_error_of_one_message_rejects_it():
    assert judged(refused(ErrorClass.CONFIGURATION)).change.state is State.REJECTED


def test_a_token_error_keeps_the_message():
    decision = judged(refused(ErrorClass.TOKEN, retry=Retry.REFRESH_TOKEN))
    assert decision.wait is not None
    assert decision.change.state is State.QUEUED


def test_unknown_is_sent_again_only_where_the_tenant_chose_so_and_twice_at_most():
    rules = Rules(deadline=RULES.deadline, unknown_wait=RULES.unknown_wait, resend_unknown=True)
    decisions = [judged(outcome(Verdict.UNKNOWN), claimed(tries), rules) for tries in range(3)]
    assert [decision.change.event for decision in decisions] == ["resend", "resend", "unknown"]
