"""One text to one number: its limits, its request over one of three APIs, the reading of its answer (6.1, 6.2)."""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from typing import Final
from urllib.parse import parse_qsl, urlencode

import msgspec

from providers.contract import Call, Context, ErrorRow, Headers, Outbound, Outcome, Response
from providers.nxcloud.asking import FORM
from providers.nxcloud.envelope import Envelope
from providers.nxcloud.hosts import API2_HOST, API_HOST, url_at
from providers.nxcloud.outcomes import outcomes
from providers.nxcloud.sending import JSON
from providers.nxcloud.signature import signed_headers
from providers.nxcloud_sms import codes
from providers.nxcloud_sms.errors import row_for
from providers.zalo.fields import as_text, json_object
from providers.zalo.wording import phone_forms

BIZ_TYPE: Final = "3"
ACTION: Final = "mtsend"
MOST_CHARACTERS: Final = 1_000
_SENDER: Final = re.compile(r"[0-9A-Za-z]{1,20}")
_OWN_ID: Final = re.compile(r"[0-9A-Za-z-]{10,50}")
_DIGITS: Final = re.compile(r"\d{4,}")
# 26: the same text to the same number a moment ago. It is there already, and a second one must not follow.
_ACCEPTED: Final = frozenset({0, 26})

_PATHS: Final[Mapping[str, tuple[str, str]]] = {
    "v1": (API_HOST, "/v1/sms/mt"),
    "v2": (API2_HOST, "/api/sms/mtsend_v2"),
    "form": (API2_HOST, "/api/sms/mtsend"),
}
_encode = msgspec.json.Encoder().encode


def check(message: Outbound) -> ErrorRow | None:
    """Return why `message` must not be sent, None if nothing speaks against it."""
    if not message.text.strip():
        return codes.TEXT_EMPTY
    if len(_text(message)) > MOST_CHARACTERS:
        return codes.TEXT_TOO_LONG
    if message.sender and not _SENDER.fullmatch(message.sender):
        return codes.SENDER_UNFIT
    return None if _OWN_ID.fullmatch(message.leg_id) else codes.ID_UNFIT


def pack(messages: Sequence[Outbound], credentials: Mapping[str, str], context: Context) -> list[Call]:
    """Return one call for each message within the limits; `credentials` as in the README.

    Raises KeyError where `api` names no API. Lists of numbers are not used: they lose the own id, the address for
    reports and the echo.
    """
    url = send_url(credentials, context)
    calls = []
    for message in messages:
        if check(message) is not None:
            continue
        body = request_body(_fields(message, context.hook_url), credentials)
        calls.append(
            Call(
                method="POST",
                url=url,
                headers=request_headers(body, credentials, context),
                body=body,
                legs=(message.leg_id,),
                timeout=context.timeout,
            )
        )
    return calls


def unpack(call: Call, response: Response) -> list[Outcome]:
    """Return one outcome a leg."""
    return outcomes(call, response, row_for, _message_id, _sent_values, _ACCEPTED)


def send_url(credentials: Mapping[str, str], context: Context) -> str:
    """Return the URL that texts are sent to. Raises KeyError where `api` names no API."""
    return url_at(*_PATHS[credentials.get("api") or "v1"], credentials, context)


def request_body(fields: Mapping[str, str], credentials: Mapping[str, str]) -> bytes:
    """Return the body with the account's keys and `fields`, named as the newest API names them."""
    appkey = credentials.get("appkey", "")
    if credentials.get("api") != "form":
        return _encode({"appKey": appkey, **fields})
    keys = {"appkey": appkey, "secretkey": credentials.get("secretkey", "")}
    return urlencode(keys | {_FORM_NAMES.get(name, name): value for name, value in fields.items()}).encode()


def request_headers(body: bytes, credentials: Mapping[str, str], context: Context) -> Headers:
    """Return the headers of a send: signed now, or for the form API nothing but its type."""
    if credentials.get("api") == "form":
        return (FORM,)
    return (*signed_headers(credentials, BIZ_TYPE, ACTION, body, context.now), JSON)


_FORM_NAMES: Final = {"sourceAddress": "source_address", "sysMessageId": "sys_messageid", "drUrl": "dr_url"}


def _text(message: Outbound) -> str:
    # A decomposed accent would cost a character of its own, and often a whole part more.
    return unicodedata.normalize("NFC", message.text)


def _fields(message: Outbound, hook_url: str) -> dict[str, str]:
    fields = {
        "phone": message.phone,
        "content": _text(message),
        "sourceAddress": message.sender,
        "sysMessageId": message.leg_id,
        "drUrl": hook_url,
        "ext": message.leg_id,
    }
    return {name: value for name, value in fields.items() if value}


def _message_id(envelope: Envelope) -> str:
    places = (envelope.root, envelope.data)
    told = (as_text(place.get(name)) for place in places for name in ("messageid", "messageId"))
    return next(filter(None, told), "")


def _sent_values(call: Call) -> list[str]:
    request = json_object(call.body) or dict(parse_qsl(call.body.decode(errors="replace")))
    content = as_text(request.get("content"))
    return [content, *_DIGITS.findall(content), *phone_forms(as_text(request.get("phone")))]
