"""One Zalo template message through NXCloud: its limits, its request, the reading of its answer (nxcloud.md 3)."""

import unicodedata
from collections.abc import Mapping, Sequence
from typing import Any, Final

import msgspec

from providers.contract import Call, ContentKind, Context, ErrorRow, Outbound, Outcome, Response
from providers.nxcloud.codes import zalo
from providers.nxcloud.envelope import Envelope
from providers.nxcloud.errors import row_for
from providers.nxcloud.hosts import API_HOST, url_at
from providers.nxcloud.outcomes import outcomes
from providers.nxcloud.signature import signed_headers
from providers.zalo.fields import as_object, as_text, json_object
from providers.zalo.wording import phone_forms

PATH: Final = "/v1/zalo/mt"
BIZ_TYPE: Final = "9"
ACTION: Final = "mt"
JSON: Final = ("Content-Type", "application/json")
MOST_CHARACTERS: Final = 400
MOST_PARAMETERS: Final = 8
LONGEST_WEBHOOK: Final = 256
LONGEST_EXT: Final = 65_535

_encode = msgspec.json.Encoder().encode


def check(message: Outbound, hook_url: str = "") -> ErrorRow | None:
    """Return why `message` must not be sent, None if nothing speaks against it.

    The template's own text is not known here, so its values alone are held to the limit of the whole text.
    """
    if message.kind is not ContentKind.TEMPLATE:
        return zalo.NOT_A_TEMPLATE
    if message.mode == "development":
        return zalo.NO_DEVELOPMENT_MODE
    if len(message.values) > MOST_PARAMETERS:
        return zalo.TOO_MANY_PARAMETERS
    if sum(len(value) for value in _values(message).values()) > MOST_CHARACTERS:
        return zalo.TOO_MANY_CHARACTERS
    if len(message.leg_id.encode()) > LONGEST_EXT:
        return zalo.EXT_TOO_LONG
    return zalo.WEBHOOK_TOO_LONG if len(hook_url) > LONGEST_WEBHOOK else None


def pack(messages: Sequence[Outbound], credentials: Mapping[str, str], context: Context) -> list[Call]:
    """Return one call for each message within the limits, signed now; `credentials` as in the README.

    Raises ValueError where the address for receipts is over its limit: then no message of the channel can be sent.
    """
    if len(context.hook_url) > LONGEST_WEBHOOK:
        raise ValueError(zalo.WEBHOOK_TOO_LONG.meaning)
    url = url_at(API_HOST, PATH, credentials, context)
    calls = []
    for message in messages:
        if check(message) is not None:
            continue
        body = _encode(_body(message, credentials.get("appkey", ""), context.hook_url))
        headers = (*signed_headers(credentials, BIZ_TYPE, ACTION, body, context.now), JSON)
        calls.append(
            Call(method="POST", url=url, headers=headers, body=body, legs=(message.leg_id,), timeout=context.timeout)
        )
    return calls


def unpack(call: Call, response: Response) -> list[Outcome]:
    """Return one outcome a leg; NXCloud answers no more than that it took the message."""
    return outcomes(call, response, row_for, _request_id, _sent_values)


def _values(message: Outbound) -> dict[str, str]:
    # Characters are counted of composed text, so a decomposed accent would be counted twice.
    return {name: unicodedata.normalize("NFC", value) for name, value in message.values.items()}


def _body(message: Outbound, appkey: str, hook_url: str) -> dict[str, Any]:
    data: dict[str, Any] = {"templateId": message.template, "templateData": _values(message)}
    if message.journey_token:
        data["journeyToken"] = message.journey_token
    body = {"appkey": appkey, "phone": message.phone, "functionType": "template", "messageData": data}
    if hook_url:
        body["drWebhook"] = hook_url
    return body | {"ext": message.leg_id}


def _request_id(envelope: Envelope) -> str:
    return as_text(envelope.data.get("requestId"))


def _sent_values(call: Call) -> list[str]:
    request = json_object(call.body) or {}
    data = as_object(as_object(request.get("messageData")).get("templateData"))
    return [*map(as_text, data.values()), *phone_forms(as_text(request.get("phone")))]
