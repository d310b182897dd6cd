"""Messages and the exact calls they become; what is refused before a call."""

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from providers.contract import ChecksLimits, ContentKind, Context, Headers, Outbound
from providers.infobip.adapter import INFOBIP
from tests.providers.infobip.cases import CONTEXT, CREDENTIALS, HOOK_URL, LEG, PACKED, SECOND, message


@pytest.mark.parametrize(("sent", "changed", "url", "headers", "body"), PACKED.values(), ids=PACKED.keys())
def test_a_message_becomes(sent: Outbound, changed: dict[str, str], url: str, headers: Headers, body: str) -> None:
    (call,) = INFOBIP.pack([sent], CREDENTIALS | changed, CONTEXT)
    assert (call.method, call.url, call.headers) == ("POST", url, headers)
    assert call.body.decode() == body
    assert (call.legs, call.timeout) == ((LEG,), 8.0)


def test_many_messages_travel_in_calls_of_a_hundred() -> None:
    messages = [message(leg_id=f"{number:032x}") for number in range(250)]
    calls = INFOBIP.pack(messages, CREDENTIALS, CONTEXT)
    assert [len(call.legs) for call in calls] == [100, 100, 50]
    assert [leg for call in calls for leg in call.legs] == [one.leg_id for one in messages]
    sent = [msgspec.json.decode(call.body)["messages"] for call in calls]
    assert [one["destinations"][0]["messageId"] for each in sent for one in each] == [one.leg_id for one in messages]


def test_a_message_keeps_its_own_recipient_and_values() -> None:
    (call,) = INFOBIP.pack(
        [message(), message(leg_id=SECOND, phone="84912345678", values={"name": "B"})], CREDENTIALS, CONTEXT
    )
    first, second = msgspec.json.decode(call.body)["messages"]
    assert (first["destinations"][0]["to"], first["content"]["templateData"]["name"]) == ("84987654321", "Nguyễn An")
    assert (second["destinations"][0]["to"], second["content"]["templateData"]["name"]) == ("84912345678", "B")


def test_a_phone_number_comes_before_the_id_at_the_official_account() -> None:
    (call,) = INFOBIP.pack([message(oa_user_id="2512523625412515")], CREDENTIALS, CONTEXT)
    assert b"2512523625412515" not in call.body


def test_without_a_hook_the_accounts_subscriptions_apply() -> None:
    (call,) = INFOBIP.pack([message()], CREDENTIALS, Context(now=CONTEXT.now))
    assert "webhooks" not in msgspec.json.decode(call.body)["messages"][0]


def test_final_reports_go_to_the_hook() -> None:
    (call,) = INFOBIP.pack([message()], CREDENTIALS, CONTEXT)
    webhooks = msgspec.json.decode(call.body)["messages"][0]["webhooks"]
    assert webhooks["delivery"] == {"url": HOOK_URL, "intermediateReport": False, "notify": True}


def test_in_the_sandbox_the_host_is_the_first_segment() -> None:
    sandboxed = Context(now=CONTEXT.now, origin="http://127.0.0.1:8001")
    (call,) = INFOBIP.pack([message()], CREDENTIALS, sandboxed)
    assert call.url == "http://127.0.0.1:8001/api.infobip.com/zalo/2/messages"


GOOD = {
    "an ordinary message": message(),
    "a person of the Official Account": message(phone="", oa_user_id="2512523625412515"),
    "platform ids at their limit": message(entity_id="e" * 255, application_id="a" * 255),
    "the largest template id": message(template="2147483647"),
    "a mode in Infobip's word": message(sending_mode="AUTO"),
    "a journey token, which is for the direct channel": message(journey_token="jt"),
}
BAD = {
    "no recipient": (message(phone=""), "LOCAL_RECIPIENT"),
    "a text": (message(kind=ContentKind.TEXT, text="x"), "LOCAL_CONTENT"),
    "a template id of letters": (message(template="7895417a7d3f9461cd2e"), "LOCAL_TEMPLATE_ID"),
    "a template id over 32 bits": (message(template="2147483648"), "LOCAL_TEMPLATE_ID"),
    "no template": (message(template=""), "LOCAL_TEMPLATE_ID"),
    "digits that are not ASCII": (message(template="１"), "LOCAL_TEMPLATE_ID"),
    "an entity id over 255": (message(entity_id="e" * 256), "LOCAL_TOO_LONG"),
    "an application id over 255": (message(application_id="a" * 256), "LOCAL_TOO_LONG"),
    "development mode": (message(mode="development"), "LOCAL_MODE"),
    "an unknown sending mode": (message(sending_mode="2"), "LOCAL_MODE"),
}


def test_the_provider_checks_limits() -> None:
    assert isinstance(INFOBIP, ChecksLimits)


@pytest.mark.parametrize("sent", GOOD.values(), ids=GOOD.keys())
def test_what_fits_is_not_refused(sent: Outbound) -> None:
    assert INFOBIP.check(sent) is None
    assert len(INFOBIP.pack([sent], CREDENTIALS, CONTEXT)) == 1


@pytest.mark.parametrize(("sent", "code"), BAD.values(), ids=BAD.keys())
def test_what_does_not_fit_is_refused_and_not_packed(sent: Outbound, code: str) -> None:
    row = INFOBIP.check(sent)
    assert row is not None
    assert row.code == code
    assert row is INFOBIP.errors[code]
    (call,) = INFOBIP.pack([msgspec.structs.replace(sent, leg_id=SECOND), message()], CREDENTIALS, CONTEXT)
    assert call.legs == (LEG,)


@given(st.floats(0, 1e7))
def test_the_platform_never_tries_longer_than_the_gateway_waits(valid_for: float) -> None:
    (call,) = INFOBIP.pack([message(valid_for=valid_for)], CREDENTIALS, CONTEXT)
    period = msgspec.json.decode(call.body)["messages"][0]["options"]["validityPeriod"]
    assert period["timeUnit"] == "SECONDS"
    assert 1 <= period["amount"] <= max(1, min(valid_for, 172_800))
