"""SMS and the exact calls they become; what is refused before a call; what answers mean."""

import msgspec
import pytest

from providers.contract import ChecksLimits, Headers, NoAnswer, NotSent, Outbound, Outcome, Reply
from providers.infobip_sms.adapter import INFOBIP_SMS
from tests.providers.infobip.cases import ANSWERED, LEG, SECOND
from tests.providers.infobip_sms.cases import CALL, CONTEXT, CREDENTIALS, PACKED, message


@pytest.mark.parametrize(("sent", "changed", "url", "headers", "body"), PACKED.values(), ids=PACKED.keys())
def test_a_message_becomes(sent: Outbound, changed: dict[str, str], url: str, headers: Headers, body: str) -> None:
    (call,) = INFOBIP_SMS.pack([sent], CREDENTIALS | changed, CONTEXT)
    assert (call.method, call.url, call.headers) == ("POST", url, headers)
    assert call.body.decode() == body
    assert (call.legs, call.timeout) == ((LEG,), 8.0)


@pytest.mark.parametrize(("response", "outcome"), ANSWERED.values(), ids=ANSWERED.keys())
def test_a_reply_means(response: Reply | NotSent | NoAnswer, outcome: Outcome) -> None:
    (read,) = INFOBIP_SMS.unpack(CALL, response)
    assert (read.verdict, read.error, read.retry_after) == (outcome.verdict, outcome.error, outcome.retry_after)


def test_the_text_is_masked_where_it_is_echoed() -> None:
    status = {"groupId": 5, "name": "REJECTED_DESTINATION", "description": "Mã của bạn là 123456 to 0987654321"}
    body = msgspec.json.encode({"messages": [{"messageId": LEG, "status": status}]})
    (outcome,) = INFOBIP_SMS.unpack(CALL, Reply(status=200, headers={}, body=body))
    assert outcome.text == "*** to ***"


def test_many_messages_travel_in_calls_of_a_hundred() -> None:
    messages = [message(leg_id=f"{number:032x}") for number in range(101)]
    assert [len(call.legs) for call in INFOBIP_SMS.pack(messages, CREDENTIALS, CONTEXT)] == [100, 1]


BAD = {
    "no phone": (message(phone="", oa_user_id="7"), CREDENTIALS, "LOCAL_RECIPIENT"),
    "no text": (message(text=""), CREDENTIALS, "LOCAL_TEXT"),
    "a recipient over 64": (message(phone="8" * 65), CREDENTIALS, "LOCAL_TOO_LONG"),
    "an entity id over 255": (message(entity_id="e" * 256), CREDENTIALS, "LOCAL_TOO_LONG"),
    "no sender": (message(), {"api_key": "k3y"}, "LOCAL_SENDER"),
}


def test_the_provider_checks_limits() -> None:
    assert isinstance(INFOBIP_SMS, ChecksLimits)
    assert INFOBIP_SMS.check(message()) is None


@pytest.mark.parametrize(("sent", "credentials", "code"), BAD.values(), ids=BAD.keys())
def test_what_does_not_fit_is_refused_and_not_packed(sent: Outbound, credentials: dict[str, str], code: str) -> None:
    row = INFOBIP_SMS.check(sent, credentials)
    assert row is not None
    assert row is INFOBIP_SMS.errors[code]
    (call,) = INFOBIP_SMS.pack([sent, message(leg_id=SECOND, sender="SHOP")], credentials, CONTEXT)
    assert call.legs == (SECOND,)
