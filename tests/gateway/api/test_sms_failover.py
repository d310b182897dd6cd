"""smsFailover in requests: what is told of it, and what is refused."""

from typing import Any

import pytest

from tests import factories
from tests.factories import ChannelFactory, provider_account, sending_tenant
from tests.gateway.api.conftest import Api


@pytest.fixture
def tenant(db):
    return sending_tenant("bakery", code="ours")


@pytest.fixture
def with_sms(tenant):
    held = provider_account(tenant, "nxcloud", access_key="k", access_secret="s", appkey="a")
    ChannelFactory.create(tenant=tenant, name="sms", kind="nxcloud_sms", account=held.account)
    return tenant


def send(tenant: Any, to: Any = "0987654321", *, options: Any = None, **message: Any) -> Any:
    body = {"messages": [{"to": to, "templateId": "ours", "templateData": {"customer": "An"}} | message]}
    return Api(factories.api_key(tenant).token).post("/v1/messages", body | ({"options": options} if options else {}))


def fields(reply: Any) -> list[tuple[str, str]]:
    return [(error["field"], error["code"]) for error in reply.json()["errors"]]


def test_the_parts_are_told_with_a_warning_where_marks_cost_more(with_sms):
    text = "Chào {{customer}}, " + "đơn hàng " * 9
    (message,) = send(with_sms, smsFailover={"text": text}).json()["messages"]
    assert message["sms"] == {"encoding": "UCS-2", "parts": 2}
    assert message["warnings"] == ["The SMS takes 2 parts because of its diacritics; 1 without (removeDiacritics)."]


def test_without_diacritics_it_takes_fewer_parts(with_sms):
    wanted = {"text": "đơn hàng " * 9, "removeDiacritics": True}
    (message,) = send(with_sms, options={"smsFailover": wanted}).json()["messages"]
    assert message["sms"] == {"encoding": "GSM-7", "parts": 1}
    assert "warnings" not in message


def test_a_repeated_call_is_told_the_same(with_sms):
    api = Api(factories.api_key(with_sms).token)
    text = {"text": "Chào {{customer}}, " + "đơn hàng " * 9}
    ours = {"to": "0987654321", "templateId": "ours", "templateData": {"customer": "An"}}
    typed = {"to": "0987654322", "content": {"type": "TEMPLATE", "templateId": "ours", "templateData": {"customer": 1}}}
    plain = ours | {"smsFailover": {"text": "Chào {{customer}}", "removeDiacritics": True}}
    body = {"messages": [ours, typed, plain], "options": {"smsFailover": text}}
    first, again = (api.post("/v1/messages", body, idempotency_key="k") for _ in range(2))
    assert again.headers["Idempotent-Replayed"] == "true"
    assert again.json() == first.json()
    assert [message["sms"]["parts"] for message in again.json()["messages"]] == [2, 2, 1]
    assert ["warnings" in message for message in again.json()["messages"]] == [True, True, False]


def test_a_repeated_call_is_told_the_same_when_the_sms_channel_is_gone(with_sms):
    api = Api(factories.api_key(with_sms).token)
    ours = {"to": "0987654321", "templateId": "ours", "templateData": {"customer": "An"}}
    body = {"messages": [ours | {"smsFailover": {"text": "Hi"}}]}
    first = api.post("/v1/messages", body, idempotency_key="k").json()
    with_sms.channels.filter(kind="nxcloud_sms").delete()
    assert api.post("/v1/messages", body, idempotency_key="k").json() == first


def test_a_tenant_without_an_sms_channel_is_told_so(tenant):
    reply = send(tenant, smsFailover={"text": "Hi"})
    assert reply.status_code == 422
    assert fields(reply) == [("messages[0].smsFailover", "no_sms_channel")]


def test_a_parameter_that_the_message_lacks_is_named(with_sms):
    reply = send(with_sms, smsFailover={"text": "{{code}}"})
    assert fields(reply) == [("messages[0].smsFailover.text", "unknown_parameter")]


def test_a_person_without_a_number_cannot_get_an_sms(with_sms):
    reply = send(with_sms, {"oaUserId": "123456"}, smsFailover={"text": "Hi"})
    assert ("messages[0].to", "required") in fields(reply)


def test_a_person_whom_no_channel_reaches_is_refused(tenant):
    assert fields(send(tenant, {"oaUserId": "123456"})) == [("messages[0].to", "no_usable_id")]


def test_a_person_may_be_named_by_an_object(tenant):
    (message,) = send(tenant, {"phone": "0987654321", "oaUserId": "123456"}).json()["messages"]
    assert message["to"] == "84987654321"


def test_a_content_that_no_channel_of_the_route_carries_is_refused(tenant):
    key = factories.api_key(tenant).token
    body = {"messages": [{"to": "0987654321", "content": {"type": "TEXT", "text": "Hi"}}]}
    assert fields(Api(key).post("/v1/messages", body)) == [("messages[0].content.type", "not_carried")]


def test_a_content_of_the_type_template_is_the_same_as_its_short_form(tenant):
    key = factories.api_key(tenant).token
    content = {"type": "TEMPLATE", "templateId": "ours", "templateData": {"customer": "An"}}
    assert Api(key).post("/v1/messages", {"messages": [{"to": "0987654321", "content": content}]}).status_code == 202
