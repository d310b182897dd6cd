import ast
from datetime import UTC, datetime
from pathlib import Path

import pytest

import messaging
from messaging.admin.sentences import KINDS, line, reason, waiting
from messaging.explain.waiting import Waiting
from messaging.queries.timeline import EventView

AT = datetime(2026, 11, 21, 9, tzinfo=UTC)
ZONE = "Asia/Ho_Chi_Minh"
ENGINE = Path(messaging.__file__).parent


def event(kind: str, why: str = "", **detail) -> EventView:
    return EventView(AT, kind, why, detail or None)


def written_by_the_engine() -> set[str]:
    """Return every literal that the engine's code assigns as an event's type, alone or among others."""
    found = set()
    for path in (*ENGINE.rglob("dispatch/**/*.py"), *ENGINE.rglob("receipts/**/*.py")):
        for node in ast.walk(ast.parse(path.read_text())):
            if not isinstance(node, ast.Assign):
                continue
            targets, values = parts(node.targets[0]), parts(node.value)
            for target, value in zip(targets, values, strict=False):
                if isinstance(target, ast.Attribute) and target.attr == "event" and isinstance(value, ast.Constant):
                    found.add(str(value.value))
    return found


def parts(expression: ast.expr) -> list[ast.expr]:
    return expression.elts if isinstance(expression, ast.Tuple) else [expression]


def test_every_event_that_the_engine_writes_has_a_sentence():
    written = written_by_the_engine()

    assert {"sent", "retry", "held", "unknown", "not_sent", "resend"} <= written
    assert written <= set(KINDS)


def test_a_refusal_tells_code_meaning_and_what_to_do():
    told = line(
        event("rejected", "RECIPIENT", code="-118", meaning="Not on Zalo", advice="Send by SMS.", attempt=2, ms=13),
        ZONE,
    )

    assert told.text == "The provider refused it for good."
    assert told.cause == (
        "The recipient cannot be reached on this channel. Code -118: Not on Zalo. Attempt 2. The call took 13 ms."
    )
    assert told.advice == "Send by SMS."


@pytest.mark.parametrize("kind", ["revealed", "cancelled"])
def test_what_a_person_did_names_them(kind):
    assert line(event(kind, "mai"), ZONE).cause == "By mai."


def test_an_event_that_is_not_known_is_shown_as_it_is():
    assert line(event("teleported", "BY_MAGIC"), ZONE).text == "teleported"
    assert reason("BY_MAGIC") == "BY_MAGIC"


def test_a_held_message_tells_when_it_goes_on_in_the_tenants_zone():
    held = event("held", "QUOTA_EXCEEDED", limit=100, used=100, until="2026-11-21T17:00:00+00:00")

    assert line(held, ZONE).cause == ("The quota is used up. 100 of 100 are used. It goes on at 2026-11-22 00:00:00.")


def test_going_on_names_the_next_channel():
    assert line(event("failover", "RECIPIENT", nextChannel="sms"), ZONE).cause.endswith("Next channel: sms.")


def test_a_pace_is_told_with_its_amount():
    held = event("held", "PACE", amount=120, timeUnit="MINUTE", of="bulk")

    assert line(held, ZONE).cause == "Messages go one after the other, at a set pace. At most 120 a minute."


def test_a_remembered_refusal_holds_until_its_end_and_the_message_does_not_go_on():
    detail = {"why": "no Zalo", "until": "2026-11-21T17:00:00+00:00"}
    told = line(EventView(AT, "rejected", "RECIPIENT_REMEMBERED", detail), ZONE)

    assert told.cause.endswith("It is noted as: no Zalo. This holds until 2026-11-22 00:00:00.")


def test_a_waiting_message_says_for_what():
    found = Waiting("PACE", AT, {"amount": 60, "timeUnit": "HOUR", "of": "bulk", "ahead": 2})

    assert waiting(found, ZONE) == (
        "Messages go one after the other, at a set pace. At most 60 an hour. 2 are before it. "
        "It goes on at 2026-11-21 16:00:00."
    )
