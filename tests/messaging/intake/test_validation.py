import json

import msgspec
import pytest

from messaging.intake.accept import accept
from messaging.intake.errors import NotJson, Refused
from messaging.models import Bulk, Due, Message, Template
from messaging.states import MessageClass
from tests import factories
from tests.messaging.intake.conftest import message

encode = msgspec.json.encode


@pytest.mark.parametrize(
    ("change", "field", "code"),
    [
        ({"to": "123"}, "to", "invalid"),
        ({"to": 84987654321}, "to", "wrong_type"),
        ({"to": None}, "to", "required"),
        ({"to": ""}, "to", "too_short"),
        ({"templateId": "nothing"}, "templateId", "not_found"),
        ({"templateId": ""}, "templateId", "too_short"),
        ({"templateData": {}}, "templateData.customer", "required"),
        ({"templateData": None}, "templateData.customer", "required"),
        ({"templateData": []}, "templateData", "wrong_type"),
        ({"templateData": {"customer": "x" * 31}}, "templateData.customer", "too_long"),
        ({"templateData": {"customer": ""}}, "templateData.customer", "too_short"),
        ({"templateData": {"customer": True}}, "templateData.customer", "wrong_type"),
        ({"templateData": {"customer": ["An"]}}, "templateData.customer", "wrong_type"),
        ({"templateData": {"customer": None}}, "templateData.customer", "wrong_type"),
        ({"templateData": {"customer": "An", "other": "x"}}, "templateData.other", "unknown"),
        ({"messageId": "with space"}, "messageId", "invalid"),
        ({"messageId": "line\n"}, "messageId", "invalid"),
        ({"messageId": "x" * 201}, "messageId", "too_long"),
        ({"messageId": ""}, "messageId", "too_short"),
        ({"reference": "x" * 201}, "reference", "too_long"),
        ({"reference": "a\u0000b"}, "reference", "invalid"),
        ({"mode": "production"}, "mode", "invalid"),
        ({"sendingMode": "2"}, "sendingMode", "invalid"),
        ({"callbackData": "x" * 4001}, "callbackData", "too_long"),
        ({"journeyToken": 5}, "journeyToken", "wrong_type"),
        ({"colour": "red"}, "colour", "unknown"),
    ],
)
def test_a_bad_field_is_named(refusal, change, field, code):
    assert refusal(encode({"messages": [message(), message(**change)]})) == [(f"messages[1].{field}", code)]


@pytest.mark.parametrize(
    ("options", "field", "code"),
    [
        ({"route": "nowhere"}, "options.route", "not_found"),
        ({"class": "otp"}, "options.class", "class_too_high"),
        ({"class": "urgent"}, "options.class", "invalid"),
        ({"colour": "red"}, "options.colour", "unknown"),
        ({"sendAt": "2026-12-01T09:00:00"}, "options.sendAt", "invalid"),
        ({"sendAt": "tomorrow"}, "options.sendAt", "invalid"),
        ({"sendAt": "9999-12-31T23:59:59-14:00"}, "options.sendAt", "too_far"),
        ({"sendAt": "0001-01-01T00:00:00+14:00"}, "options.sendAt", "in_the_past"),
        ({"validityPeriod": {"amount": 49, "timeUnit": "HOURS"}}, "options.validityPeriod", "too_long"),
        ({"validityPeriod": {"amount": 2881}}, "options.validityPeriod", "too_long"),
        ({"validityPeriod": {"amount": 0}}, "options.validityPeriod.amount", "out_of_range"),
        ({"validityPeriod": {"amount": 1, "timeUnit": "DAYS"}}, "options.validityPeriod.timeUnit", "invalid"),
        ({"validityPeriod": {}}, "options.validityPeriod.amount", "required"),
        ({"platform": {"entityId": "x" * 256}}, "options.platform.entityId", "too_long"),
        ({"platform": []}, "options.platform", "wrong_type"),
    ],
)
def test_a_bad_option_is_named(refusal, options, field, code):
    assert refusal(encode({"messages": [message()], "options": options})) == [(field, code)]


def test_a_one_time_password_is_sent_in_no_lower_class(tenant):
    tenant.templates.update(message_class=MessageClass.OTP)
    body = encode({"messages": [message()], "options": {"class": "transactional"}})
    with pytest.raises(Refused) as refused:
        accept(tenant.id, body, test=False)
    assert [(error.field, error.code) for error in refused.value.errors] == [("options.class", "class_too_low")]


@pytest.mark.parametrize(
    ("body", "field", "code"),
    [
        ([], "", "wrong_type"),
        ({}, "messages", "required"),
        ({"messages": []}, "messages", "out_of_range"),
        ({"messages": [{}] * 10_001}, "messages", "out_of_range"),
        ({"messages": {}}, "messages", "wrong_type"),
        ({"messages": ["x"]}, "messages[0]", "wrong_type"),
        ({"messages": [message()], "bulk": "x"}, "bulk", "unknown"),
        ({"messages": [message()], "options": "x"}, "options", "wrong_type"),
    ],
)
def test_a_bad_shape_is_named(refusal, body, field, code):
    assert refusal(encode(body)) == [(field, code)]


def test_all_that_is_wrong_is_told_at_once(refusal):
    body = {
        "messages": [message(to="1", templateData={}), message(reference=1), message(templateId="x")],
        "options": {"sendAt": "no"},
    }
    assert sorted(refusal(encode(body))) == [
        ("messages[0].templateData.customer", "required"),
        ("messages[0].to", "invalid"),
        ("messages[1].reference", "wrong_type"),
        ("messages[2].templateId", "not_found"),
        ("options.sendAt", "invalid"),
    ]


def test_a_hundred_errors_are_listed_and_all_are_counted(tenant):
    with pytest.raises(Refused) as refused:
        accept(tenant.id, encode({"messages": [message(to="1")] * 250}), test=False)
    assert len(refused.value.errors) == 100
    assert refused.value.count == 250


def test_one_bad_message_keeps_all_out(tenant, refusal):
    refusal(encode({"messages": [message()] * 20 + [message(to="1")]}))
    assert not Message.objects.exists()
    assert not Due.objects.exists()
    assert not Bulk.objects.exists()


@pytest.mark.parametrize(
    ("body", "where"),
    [
        (b"", "byte 0"),
        (b'{"messages": [', "byte 14"),
        (b'{"messages": []}x', "byte 16"),
        ('{"à": }'.encode(), "byte 7"),
        (b'{"messages": [{"to": "\xff"}]}', "byte 22"),
        (b'{"messages": NaN}', "byte"),
    ],
)
def test_broken_json_is_told_with_its_place(tenant, body, where):
    with pytest.raises((NotJson, Refused)) as refused:
        accept(tenant.id, body, test=False)
    if body != b'{"messages": NaN}':
        assert where in str(refused.value)


@pytest.mark.parametrize("body", [b"[" * 100_000, b'{"messages":' + b"[" * 100_000, b'{"a":' * 100_000])
def test_deep_nesting_is_refused(tenant, body):
    with pytest.raises((NotJson, Refused)):
        accept(tenant.id, body, test=False)


@pytest.mark.parametrize("digits", ["9" * 5000, "1e999"])
def test_a_number_without_bounds_is_a_wrong_type(refusal, digits):
    body = json.dumps({"messages": [message(templateData={"customer": 1})]}).replace(": 1}", f": {digits}}}")
    assert refusal(body.encode()) == [("messages[0].templateData.customer", "wrong_type")]


def test_lengths_count_composed_characters(tenant):
    decomposed = "ê\u0301" * 30  # 60 code points, 30 characters
    accept(tenant.id, encode({"messages": [message(templateData={"customer": decomposed})]}), test=False)
    assert Message.objects.count() == 1


def test_an_explicit_null_is_an_absent_field(tenant):
    nulls = dict.fromkeys(("messageId", "reference", "journeyToken", "mode", "sendingMode", "callbackData"))
    accept(tenant.id, encode({"messages": [message(**nulls)], "options": None}), test=False)
    assert Message.objects.count() == 1


def test_an_own_id_twice_in_one_call_is_refused(refusal):
    body = {"messages": [message(messageId="a"), message(messageId="b"), message(messageId="a")]}
    assert refusal(encode(body)) == [("messages[2].messageId", "duplicate")]


def test_an_own_id_used_before_is_refused_and_named(tenant, refusal):
    accept(tenant.id, encode({"messages": [message(messageId="a")]}), test=False)
    body = {"messages": [message(messageId="b"), message(messageId="a")]}
    assert refusal(encode(body)) == [("messages[1].messageId", "duplicate")]
    assert Message.objects.count() == 1


def test_an_own_id_of_another_tenant_is_free(tenant):
    other = factories.sending_tenant("pharmacy")
    accept(tenant.id, encode({"messages": [message(messageId="a")]}), test=False)
    accept(other.id, encode({"messages": [message(messageId="a")]}), test=False)
    assert Message.objects.count() == 2


@pytest.mark.parametrize(
    ("change", "code"),
    [({"status": "REJECT"}, "not_approved"), ({"stop_code": "-1123"}, "stopped")],
)
def test_a_template_that_cannot_be_sent_is_refused(tenant, refusal, change, code):
    Template.objects.filter(tenant=tenant).update(**change)
    assert refusal(encode({"messages": [message()]})) == [("messages[0].templateId", code)]


def test_a_template_without_a_mapping_on_the_channel_is_refused(tenant, refusal):
    factories.TemplateFactory.create(tenant=tenant, code="elsewhere")
    assert refusal(encode({"messages": [message(templateId="elsewhere")]})) == [
        ("messages[0].templateId", "not_on_channel")
    ]


def test_a_template_of_another_tenant_does_not_exist(tenant, refusal):
    factories.sending_tenant("pharmacy", code="theirs")
    assert refusal(encode({"messages": [message(templateId="theirs")]})) == [("messages[0].templateId", "not_found")]


def test_a_new_template_is_found_at_once(tenant, refusal):
    refusal(encode({"messages": [message(templateId="fresh")]}))
    mapped = factories.TemplateFactory.create(tenant=tenant, code="fresh")
    factories.TemplateMappingFactory.create(template=mapped, channel=tenant.channels.get())
    accept(tenant.id, encode({"messages": [message(templateId="fresh")]}), test=False)
    assert Message.objects.get().template_id == mapped.id


def test_a_pending_template_goes_out_in_development_mode_only(tenant, refusal):
    Template.objects.filter(tenant=tenant).update(status="PENDING_REVIEW")
    assert refusal(encode({"messages": [message()]})) == [("messages[0].templateId", "not_approved")]
    accept(tenant.id, encode({"messages": [message(mode="development")]}), test=False)
    assert Message.objects.count() == 1


def test_half_of_a_surrogate_pair_is_no_text(tenant):
    body = b'{"messages":[{"to":"0987654321","templateId":"bill","templateData":{"customer":"\\ud800"}}]}'
    with pytest.raises(NotJson):
        accept(tenant.id, body, test=False)


def test_half_of_a_surrogate_pair_is_no_choice_either(tenant):
    body = b'{"messages":[{"to":1,"templateId":"bill","mode":"\\ud800"}]}'
    with pytest.raises(NotJson):
        accept(tenant.pk, body, test=False)


def test_half_of_a_surrogate_pair_in_a_name_can_be_told(refusal):
    body = b'{"messages":[{"to":1,"templateId":"bill","templateData":{"customer":"x","\\ud800":"y"}}]}'
    assert refusal(body) == [("messages[0].to", "wrong_type"), ("messages[0].templateData.?", "unknown")]
