"""What is asked about SMS, byte for byte, and how the answers are read."""

import pytest

from providers.contract import Answer, DeliveryStatus, EventKind, Question, Reply
from providers.infobip_sms.adapter import INFOBIP_SMS
from tests.providers.infobip.cases import ACCEPT, APP, LEG
from tests.providers.infobip_sms.cases import CONTEXT, CREDENTIALS

HOST = "https://api.infobip.com"


def question(kind: str, **params: str) -> Question:
    return Question(kind=kind, params=params)


GET = {
    "status": (question("status", message_id="a"), f"{HOST}/sms/3/logs?limit=10&messageId=a"),
    "records": (question("records", limit="7"), f"{HOST}/sms/3/logs?limit=7"),
    "reports": (
        question("reports", bulk_id="b", entity_id="e", application_id="a"),
        f"{HOST}/sms/3/reports?limit=500&bulkId=b&entityId=e&applicationId=a",
    ),
    "balance": (question("balance"), f"{HOST}/account/1/balance"),
    "connection": (question("connection"), f"{HOST}/sms/3/logs?limit=1"),
}


@pytest.mark.parametrize(("asked", "url"), GET.values(), ids=GET.keys())
def test_a_question_is_a_get_with_the_key(asked: Question, url: str) -> None:
    call = INFOBIP_SMS.ask(asked, CREDENTIALS, CONTEXT)
    assert (call.method, call.url, call.headers, call.body) == ("GET", url, (APP, ACCEPT), b"")


@pytest.mark.parametrize("asked", [question("quota"), question("status")])
def test_what_cannot_be_asked_is_a_key_error(asked: Question) -> None:
    with pytest.raises(KeyError):
        INFOBIP_SMS.ask(asked, CREDENTIALS, CONTEXT)


def test_the_capabilities_name_every_question() -> None:
    assert INFOBIP_SMS.capabilities.questions == {"status", "records", "reports", "balance", "connection"}


ROW = (
    f'{{"destination":"84900000001","messageId":"{LEG}","sender":"ACME","messageCount":2,'
    '"doneAt":"2026-12-01T02:00:04.000+0000","price":{"pricePerMessage":0.03,"currency":"EUR"},'
    '"status":{"groupId":3,"groupName":"DELIVERED","name":"DELIVERED_TO_HANDSET"},"error":{"id":0,"name":"NO_ERROR"}}'
)
REPLY = Reply(status=200, headers={}, body=f'{{"results":[{ROW}]}}'.encode())


def test_a_status_is_read() -> None:
    assert INFOBIP_SMS.answer(question("status", message_id=LEG), REPLY).data is DeliveryStatus.DELIVERED


@pytest.mark.parametrize("kind", ["records", "reports"])
def test_rows_are_read_as_events_with_their_cost(kind: str) -> None:
    (event,) = INFOBIP_SMS.answer(question(kind), REPLY).data["events"]
    assert (event.kind, event.leg_id, event.account_id) == (EventKind.DELIVERED, LEG, "ACME")
    assert event.data["cost"] == {"amount": "0.06", "currency": "EUR"}


def test_reports_that_are_all_taken_are_an_empty_list() -> None:
    empty = Reply(status=200, headers={}, body=b'{"results":[]}')
    assert INFOBIP_SMS.answer(question("reports"), empty) == Answer(ok=True, data={"events": [], "more": False})


def test_a_connection_test_names_the_setting_that_fails() -> None:
    answer = INFOBIP_SMS.answer(question("connection"), Reply(status=401, headers={}, body=b"{}"))
    assert answer.reason.startswith("api_key:")
