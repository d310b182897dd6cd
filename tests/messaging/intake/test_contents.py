"""What a message may say: each type with its fields, from the request's bytes to those that Zalo gets."""

import json
from datetime import UTC, datetime
from typing import Any

import pytest

from messaging.intake.contents import Said, read_content
from messaging.intake.decode import decode
from messaging.intake.errors import Findings
from providers.contract import ContentKind, Context, Outbound
from providers.registry import provider

CREDENTIALS = {"access_token": "tok", "app_secret": "sec", "oa_id": "289"}
IMAGE = "https://shop.example/a.png"
BUTTON = {"title": "Open", "type": "oa.open.url", "payload": {"url": "https://shop.example/1"}}
NEEDED: dict[str, dict[str, Any]] = {
    "TEXT": {"text": "Hi"},
    "IMAGE": {"url": IMAGE},
    "GIF": {"url": IMAGE, "width": 20, "height": 10},
    "FILE": {"token": "tok-1"},
    "STICKER": {"attachmentId": "s-1"},
    "REQUEST_USER_INFO": {"title": "Yours", "subtitle": "For the delivery", "imageUrl": IMAGE},
}
PAYLOAD: dict[str, dict[str, Any]] = {
    "TEXT": {},
    "IMAGE": {"template_type": "media", "elements": [{"media_type": "image", "url": IMAGE}]},
    "GIF": {"template_type": "media", "elements": [{"media_type": "gif", "url": IMAGE, "width": 20, "height": 10}]},
    "FILE": {"token": "tok-1"},
    "STICKER": {"template_type": "media", "elements": [{"media_type": "sticker", "attachment_id": "s-1"}]},
    "REQUEST_USER_INFO": {
        "template_type": "request_user_info",
        "elements": [{"title": "Yours", "subtitle": "For the delivery", "image_url": IMAGE}],
    },
}


def read(content: Any, **message: Any) -> tuple[Said | None, list[tuple[str, str]]]:
    """Return what a message with this content says, and field and code of all that is wrong."""
    findings = Findings()
    body = {"messages": [{"to": {"oaUserId": "675"}, "content": content, **message}]}
    (decoded,) = decode(json.dumps(body).encode(), findings).messages
    said = read_content(decoded, 0, findings)
    return said, [(error.field.removeprefix("messages[0].content"), error.code) for error in findings.errors]


def on_the_wire(said: Said | None) -> dict[str, Any]:
    """Return the object `message` that the Official Account sends."""
    assert said is not None
    outbound = Outbound(leg_id="a" * 32, oa_user_id="675", kind=said.kind, text=said.text, extra=said.extra)
    (call,) = provider("oa").pack([outbound], CREDENTIALS, Context(now=datetime(2026, 11, 21, tzinfo=UTC)))
    message: dict[str, Any] = json.loads(call.body)["message"]
    return message


def test_every_type_is_tried_here():
    assert {*NEEDED, "TEMPLATE"} == set(ContentKind)


@pytest.mark.parametrize("kind", NEEDED)
def test_a_type_with_what_it_needs_reaches_the_wire(kind: str):
    said, wrong = read({"type": kind, **NEEDED[kind]})
    assert wrong == []
    message = on_the_wire(said)
    assert message.get("text") == NEEDED[kind].get("text")
    assert message.get("attachment", {}).get("payload", {}) == PAYLOAD[kind]


@pytest.mark.parametrize("kind", NEEDED)
def test_buttons_and_a_quoted_message_go_with_every_type(kind: str):
    said, wrong = read({"type": kind, **NEEDED[kind], "buttons": [BUTTON], "quoteMessageId": "m-1"})
    assert wrong == []
    message = on_the_wire(said)
    assert (message["quote_message_id"], message["attachment"]["payload"]["buttons"]) == ("m-1", [BUTTON])


@pytest.mark.parametrize(("kind", "lacking"), [(kind, name) for kind in NEEDED for name in NEEDED[kind]])
def test_a_type_without_what_it_needs_is_refused(kind: str, lacking: str):
    fields = {name: value for name, value in NEEDED[kind].items() if name != lacking}
    assert read({"type": kind, **fields})[1] == [("", "required")]


@pytest.mark.parametrize("kind", NEEDED)
def test_a_field_of_another_type_is_refused(kind: str):
    assert read({"type": kind, **NEEDED[kind], "templateId": "ours"})[1] == [(".templateId", "unknown")]


def test_a_template_takes_its_own_fields_alone():
    said, wrong = read({"type": "TEMPLATE", "templateId": "ours", "templateData": {"a": "1"}})
    assert (said, wrong) == (
        Said(ContentKind.TEMPLATE, "messages[0].content.templateId", "ours", {"a": "1"}), [],
    )  # fmt: skip
    assert read({"type": "TEMPLATE"})[1] == [(".templateId", "required")]
    assert read({"type": "TEMPLATE", "templateId": "ours", "text": "Hi"})[1] == [(".text", "unknown")]


def test_a_content_beside_the_short_form_is_refused():
    assert read({"type": "TEXT", "text": "Hi"}, templateId="ours")[1] == [("", "ambiguous")]
    assert read({"type": "TEXT", "text": "Hi"}, templateData={"a": "1"})[1] == [("", "ambiguous")]


def test_a_type_that_is_none_is_named():
    assert read({"type": "VIDEO", "url": IMAGE})[1] == [(".type", "invalid")]
