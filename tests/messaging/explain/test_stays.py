"""When a message waited, read from the lines of its timeline."""

from datetime import UTC, datetime, timedelta
from typing import Any, NamedTuple

from messaging.explain.stays import Stay, stays

START = datetime(2026, 11, 21, 9, tzinfo=UTC)


class Line(NamedTuple):
    at: datetime
    type: str
    reason: str = ""
    detail: dict[str, Any] | None = None


def after(seconds: float) -> datetime:
    return START + timedelta(seconds=seconds)


def test_a_message_without_lines_waits_since_its_start():
    assert stays(START, []) == [Stay(1, "", START, None)]


def test_waiting_ends_where_the_call_began():
    assert stays(START, [Line(after(10), "sent", detail={"ms": 4000})]) == [Stay(1, "", START, after(6))]


def test_a_retry_waits_again_on_the_same_leg():
    lines = [Line(after(10), "retry"), Line(after(30), "sent")]
    assert stays(START, lines) == [Stay(1, "", START, after(10)), Stay(1, "", after(10), after(30))]


def test_a_failover_waits_on_the_next_channel():
    lines = [Line(after(5), "failover", detail={"nextChannel": "zns-2"})]
    assert stays(START, lines) == [Stay(1, "", START, after(5)), Stay(2, "zns-2", after(5), None)]


def test_what_was_put_off_is_back_in_its_lane_at_the_end_of_that():
    lines = [Line(after(5), "held", detail={"until": after(60).isoformat()}), Line(after(70), "sent")]
    assert stays(START, lines) == [Stay(1, "", START, after(5)), Stay(1, "", after(60), after(70))]


def test_a_look_and_an_erasure_under_way_are_no_end_of_waiting_but_a_cancel_is():
    lines = [Line(after(1), "revealed", "by"), Line(after(2), "erased"), Line(after(9), "cancelled")]
    assert stays(START, lines) == [Stay(1, "", START, after(9))]


def test_what_was_sent_waits_no_more():
    assert stays(START, [Line(after(1), "sent"), Line(after(9), "delivered")]) == [Stay(1, "", START, after(1))]
