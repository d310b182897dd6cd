"""What Infobip's webhook bodies mean, and who may bring them."""

from datetime import UTC, datetime
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from providers.contract import BadSignature, Context, Event, EventKind, Hook
from providers.infobip.adapter import INFOBIP
from providers.infobip_sms.adapter import INFOBIP_SMS

SECRETS = {"hook_token": "t0ken"}
CONTEXT = Context(now=datetime(2026, 12, 1, 5, tzinfo=UTC))
LEG = "a" * 32
DONE = datetime(2026, 12, 1, 2, 0, 4, tzinfo=UTC)

REPORT: dict[str, Any] = {
    "bulkId": "b-77",
    "messageId": LEG,
    "to": "84900000001",
    "sentAt": "2026-12-01T02:00:01.000+0000",
    "doneAt": "2026-12-01T03:00:04.000+0100",
    "messageCount": 1,
    "price": {"pricePerMessage": 0.01, "currency": "EUR"},
    "status": {"groupId": 3, "groupName": "DELIVERED", "id": 5, "name": "DELIVERED_TO_HANDSET"},
    "error": {"groupId": 0, "groupName": "OK", "id": 0, "name": "NO_ERROR", "permanent": False},
    "entityId": "tenant-7",
    "applicationId": "prod",
    "channel": "ZALO_NOTIFICATION_SERVICE",
}
FAILED = {
    "status": {"groupId": 2, "groupName": "UNDELIVERABLE", "id": 9, "name": "UNDELIVERABLE_NOT_DELIVERED"},
    "error": {"groupId": 1, "id": 7002, "name": "EC_UNKNOWN_USER", "description": "Unknown user", "permanent": True},
}


def hook(*reports: object, path: str = "/hooks/infobip/t0ken", **headers: str) -> Hook:
    body = msgspec.json.encode({"results": reports})
    return Hook(method="POST", path=path, headers=headers, body=body)


def read(**changed: Any) -> Event:
    (event,) = INFOBIP.read_events(hook(REPORT | changed), SECRETS, CONTEXT)
    return event


def test_a_delivery() -> None:
    event = read()
    assert (event.kind, event.name, event.at) == (EventKind.DELIVERED, "DELIVERED_TO_HANDSET", DONE)
    assert (event.leg_id, event.provider_message_id) == (LEG, LEG)
    assert event.data == {
        "status": "DELIVERED_TO_HANDSET",
        "channel": "ZALO_NOTIFICATION_SERVICE",
        "segments": 1,
        "cost": {"amount": "0.01", "currency": "EUR"},
    }


def test_a_failure_tells_its_code_and_words() -> None:
    event = read(**FAILED)
    assert event.kind is EventKind.FAILED
    assert (event.data["error_code"], event.data["error"]) == ("EC_UNKNOWN_USER", "Unknown user")
    assert event.data["error_code"] in INFOBIP.errors


def test_a_failure_without_an_error_tells_its_status() -> None:
    event = read(status={"groupId": 5, "name": "REJECTED_DND", "description": "84900000001 is in DND"}, error=None)
    assert (event.data["error_code"], event.data["error"]) == ("REJECTED_DND", "*** is in DND")


@pytest.mark.parametrize(
    ("status", "kind"),
    [
        ({"groupName": "PENDING", "name": "PENDING_ENROUTE"}, EventKind.SENT),
        ({"groupName": "DELIVERED", "name": "DELIVERED_TO_OPERATOR"}, EventKind.SENT),
        ({"groupName": "EXPIRED", "name": "EXPIRED_EXPIRED"}, EventKind.FAILED),
        ({"groupName": "EXPIRED", "name": "EXPIRED_DLR_UNKNOWN"}, EventKind.FAILED),
        ({"groupName": "REJECTED", "name": "REJECTED_DUPLICATE_MESSAGE_ID"}, EventKind.IGNORED),
        ({"groupName": "Ok", "name": "NEW"}, EventKind.UNRECOGNISED),
    ],
)
def test_a_status_is_told_as(status: dict[str, str], kind: EventKind) -> None:
    assert read(status=status).kind is kind


def test_many_reports_in_one_call_are_many_events() -> None:
    legs = [f"{number:032x}" for number in range(300)]
    events = INFOBIP.read_events(hook(*(REPORT | {"messageId": leg} for leg in legs)), SECRETS, CONTEXT)
    assert [event.leg_id for event in events] == legs
    assert len({event.key for event in events}) == 300


def test_a_repeated_report_has_the_same_key() -> None:
    assert read().key == read(doneAt="2026-12-01T03:00:09.000+0100").key


@pytest.mark.parametrize("changed", [{"messageId": "b" * 32}, FAILED, {"channel": "SMS"}])
def test_another_message_status_or_channel_has_another_key(changed: dict[str, Any]) -> None:
    assert read(**changed).key != read().key


def test_a_cost_is_that_of_all_parts() -> None:
    assert read(messageCount=3).data["cost"] == {"amount": "0.03", "currency": "EUR"}


def test_an_older_report_counts_its_parts_under_another_name() -> None:
    event = read(messageCount=None, smsCount=2)
    assert (event.data["segments"], event.data["cost"]["amount"]) == (2, "0.02")


@pytest.mark.parametrize(
    "price", [None, {"currency": "EUR"}, {"pricePerMessage": 0.01}, {"pricePerMessage": "x", "currency": "EUR"}]
)
def test_without_a_price_there_is_no_cost(price: object) -> None:
    assert "cost" not in read(price=price).data


def test_a_price_too_small_for_a_float_to_write_plainly_is_written_plainly() -> None:
    assert read(price={"pricePerMessage": 0.00001, "currency": "EUR"}).data["cost"]["amount"] == "0.00001"


@pytest.mark.parametrize(
    ("fields", "at"),
    [
        ({"doneAt": "2026-12-01T02:00:04Z"}, DONE),
        ({"doneAt": "2026-12-01T02:00:04.000+00:00"}, DONE),
        ({"doneAt": "2026-12-01T02:00:04"}, DONE),
        ({"doneAt": None}, datetime(2026, 12, 1, 2, 0, 1, tzinfo=UTC)),
        ({"doneAt": "soon", "sentAt": 7}, CONTEXT.now),
    ],
)
def test_a_time_is_read_as_it_comes(fields: dict[str, Any], at: datetime) -> None:
    assert read(**fields).at == at


def test_an_event_holds_no_recipient() -> None:
    assert b"84900000001" not in msgspec.json.encode([read(), read(**FAILED)])


def test_a_report_of_sms_names_its_sender() -> None:
    sms = {name: value for name, value in REPORT.items() if name not in ("channel", "entityId", "applicationId")}
    sms |= {"sender": "ACME", "platform": {"entityId": "tenant-7"}}
    (event,) = INFOBIP_SMS.read_events(hook(sms), SECRETS, CONTEXT)
    assert (event.kind, event.account_id, event.leg_id) == (EventKind.DELIVERED, "ACME", LEG)


def test_what_a_person_writes_is_ignored() -> None:
    inbound = {"from": "2512523625412515", "receivedAt": "2026-12-01T02:00:04.000+0000", "content": [{"text": "hi"}]}
    (event,) = INFOBIP.read_events(hook(inbound), SECRETS, CONTEXT)
    assert (event.kind, event.data) == (EventKind.IGNORED, {})


@pytest.mark.parametrize("body", [b"", b"<xml/>", b"[]", b"{}", b'{"results":7}'])
def test_a_body_without_reports_is_kept_as_unrecognised(body: bytes) -> None:
    given = Hook(method="POST", path="/hooks/infobip/t0ken", headers={}, body=body)
    (event,) = INFOBIP.read_events(given, SECRETS, CONTEXT)
    assert event.kind is EventKind.UNRECOGNISED


@pytest.mark.parametrize(
    "path", ["/hooks/infobip/t0keN", "/hooks/infobip/t0ke", "/hooks/t0ken/infobip", "/", "", "/hooks/infobip/tø"]
)
def test_a_path_without_the_token_is_refused(path: str) -> None:
    with pytest.raises(BadSignature, match="token"):
        INFOBIP.read_events(hook(REPORT, path=path), SECRETS, CONTEXT)


@pytest.mark.parametrize("secrets", [{}, {"hook_token": ""}])
def test_without_a_token_of_ours_nobody_is_let_in(secrets: dict[str, str]) -> None:
    with pytest.raises(BadSignature):
        INFOBIP.read_events(hook(REPORT, path="/hooks/infobip/"), secrets, CONTEXT)


def test_a_header_agreed_on_is_asked_for() -> None:
    secrets = SECRETS | {"hook_authorization": "Basic dTpw"}
    assert INFOBIP.read_events(hook(REPORT, authorization="Basic dTpw"), secrets, CONTEXT)
    for brought in ({}, {"authorization": "Basic dTpx"}):
        with pytest.raises(BadSignature, match="Authorization"):
            INFOBIP.read_events(hook(REPORT, **brought), secrets, CONTEXT)


@given(st.binary(max_size=200))
def test_no_bytes_make_it_raise(body: bytes) -> None:
    given = Hook(method="POST", path="/hooks/infobip/t0ken", headers={}, body=b'{"results":[' + body + b"]}")
    assert isinstance(INFOBIP.read_events(given, SECRETS, CONTEXT), list)


@given(st.dictionaries(st.sampled_from(sorted(REPORT)), st.none() | st.integers() | st.text() | st.lists(st.none())))
def test_no_report_makes_it_raise(changed: dict[str, Any]) -> None:
    assert len(INFOBIP.read_events(hook(REPORT | changed), SECRETS, CONTEXT)) == 1
