"""What reports of texts mean, wherever their fields stand, and who may report."""

from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlencode

import pytest
from hypothesis import given
from hypothesis import strategies as st

from providers.contract import BadSignature, Context, Event, EventKind, Hook
from providers.nxcloud_sms.adapter import NXCLOUD_SMS

NOW = datetime(2026, 3, 1, 1, 1, tzinfo=UTC)
CONTEXT = Context(now=NOW)
SECRETS = {"hook_token": "9f2c"}
LEG = "a" * 32
FIELDS = {
    "phone": "84987654321",
    "status": "2",
    "result": "DELIVRD",
    "drtime": "2026-03-01 09:00:09",
    "messageid": "m-1",
    "currency": "USD",
    "price": "0.03",
    "rate": "1",
    "sendtime": "2026-03-01 09:00:05",
    "size": "2",
    "ext": LEG,
}


def hook(body: bytes = b"", query: dict[str, str] | None = None, path: str = "/hooks/nxcloud_sms/9f2c") -> Hook:
    return Hook(method="POST", path=path, headers={}, body=body, query=query or {})


def events(given: Hook) -> Event:
    (event,) = NXCLOUD_SMS.read_events(given, SECRETS, CONTEXT)
    return event


def read(**changed: str) -> Event:
    return events(hook(urlencode(FIELDS | changed).encode()))


def test_a_delivery() -> None:
    event = read()
    assert (event.kind, event.name, event.leg_id) == (EventKind.DELIVERED, "DELIVRD", LEG)
    assert event.provider_message_id == "m-1"
    assert event.at == datetime(2026, 3, 1, 1, 0, 9, tzinfo=UTC)
    assert event.data == {"cost": {"amount": "0.03", "currency": "USD"}, "segments": 2}


def test_the_query_says_the_same_as_the_body() -> None:
    assert events(hook(query=FIELDS)) == read()


def test_json_says_the_same_as_a_form() -> None:
    body = b'{"status":2,"messageid":"m-1","drtime":"2026-03-01 09:00:09","price":0.03,"currency":"USD","size":2,'
    body += b'"ext":"%s"}' % LEG.encode()
    assert events(hook(body)) == read()
    assert events(hook(body.replace(b"%s", LEG.encode()))) == read()


def test_what_stands_in_the_body_counts_before_the_query() -> None:
    assert events(hook(b"status=5", FIELDS)).name == "UNDELIV"


@pytest.mark.parametrize(
    ("status", "name"),
    [
        ("5", "UNDELIV"),
        ("6", "REJECTD"),
        ("7", "EXPIRED"),
        ("8", "DELETED"),
        ("9", "DND"),
        ("10", "ESME_RINVDSTADR"),
        ("11", "ESME_RINVSRCADR"),
        ("12", "UNKNOWN"),
    ],
)
def test_a_failure(status: str, name: str) -> None:
    event = read(status=status, result=name)
    assert (event.kind, event.name, event.data["error_code"]) == (EventKind.FAILED, name, name)
    assert event.data["error"] == NXCLOUD_SMS.errors[name].meaning


def test_a_status_is_known_by_its_name_alone() -> None:
    assert read(status="", result="undeliv").name == "UNDELIV"


@pytest.mark.parametrize("status", ["0", "1", "3", "4", "13", "soon"])
def test_a_status_that_is_not_known_is_kept_as_such(status: str) -> None:
    event = read(status=status, result="")
    assert (event.kind, event.name) == (EventKind.UNRECOGNISED, status)


def test_nothing_is_kept_as_such() -> None:
    event = events(hook())
    assert (event.kind, event.at, event.data) == (EventKind.UNRECOGNISED, NOW, {})


def test_an_event_holds_no_recipient() -> None:
    assert "987654321" not in repr(read())
    assert "987654321" not in repr(read(status="5"))


def test_repetitions_have_the_same_key_and_others_have_not() -> None:
    assert read().key == read(drtime="2026-03-01 09:00:10").key
    keys = {read().key, read(status="5").key, read(messageid="m-2").key, events(hook(query={"status": "x"})).key}
    assert len({*keys, events(hook(query={"status": "y"})).key}) == 5


@pytest.mark.parametrize("path", ["/hooks/nxcloud_sms/9f2d", "/hooks/", ""])
def test_another_address_is_refused(path: str) -> None:
    with pytest.raises(BadSignature, match="hook token"):
        NXCLOUD_SMS.read_events(hook(path=path), SECRETS, CONTEXT)


def test_a_wrong_signature_is_refused() -> None:
    signed = Hook(method="POST", path="/9f2c", headers={"sign": "00"}, body=b"status=2")
    with pytest.raises(BadSignature, match="does not fit"):
        NXCLOUD_SMS.read_events(signed, SECRETS | {"access_secret": "sec"}, CONTEXT)


@given(st.binary(max_size=200), st.dictionaries(st.sampled_from(list(FIELDS)), st.text(max_size=30)))
def test_no_report_makes_it_raise(body: bytes, query: dict[str, Any]) -> None:
    assert isinstance(events(hook(body, query)).kind, EventKind)
