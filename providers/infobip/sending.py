"""Template messages to Zalo: their request and what is refused before it (infobip.md sections 3 and 13)."""

import unicodedata
from collections.abc import Mapping, Sequence
from typing import Any, Final

from providers.contract import Call, ContentKind, Context, ErrorRow, Outbound
from providers.infobip import calls, parts, sealing
from providers.infobip.codes import refusals

PATH: Final = "/zalo/2/messages"
# Ours are Zalo's numbers; Infobip's words are taken as well.
_WORDS: Final = ("REGULAR", "OVER_THE_LIMIT", "AUTO")
_MODES: Final = {"1": "REGULAR", "3": "OVER_THE_LIMIT", **{word: word for word in _WORDS}}
_MOST_TEMPLATE: Final = 2**31 - 1


def check(message: Outbound, credentials: Mapping[str, str]) -> ErrorRow | None:
    """Return why the message must not be sent, None where it may be."""
    if message.kind is not ContentKind.TEMPLATE:
        return refusals.NOT_A_TEMPLATE
    if not recipient(message):
        return refusals.NO_RECIPIENT
    # The template's id is a 32-bit number on the wire; as a text it is a type error (section 3).
    if not (message.template.isascii() and message.template.isdecimal()) or int(message.template) > _MOST_TEMPLATE:
        return refusals.TEMPLATE_ID
    if message.mode or (message.sending_mode and message.sending_mode not in _MODES):
        return refusals.MODE
    if max(len(message.entity_id), len(message.application_id)) > parts.MOST_PLATFORM:
        return refusals.TOO_LONG
    return _check_sealed(message, credentials)


def _check_sealed(message: Outbound, credentials: Mapping[str, str]) -> ErrorRow | None:
    if not sealing.wanted(credentials):
        return None
    try:
        sealing.seal(_values(message), credentials)
    except sealing.Unsealable:
        return refusals.NOT_SEALABLE
    return None


def pack(messages: Sequence[Outbound], credentials: Mapping[str, str], context: Context) -> list[Call]:
    """Return calls of up to a hundred messages; those that cannot be encrypted or have no number as id are left out."""
    packed = [(one.leg_id, body) for one in messages if (body := _body(one, credentials, context)) is not None]
    batches = [packed[start : start + parts.BATCH] for start in range(0, len(packed), parts.BATCH)]
    return [
        calls.post(
            credentials,
            context,
            PATH,
            parts.envelope([body for _, body in batch]),
            tuple(leg for leg, _ in batch),
        )
        for batch in batches
    ]


def recipient(message: Outbound) -> str:
    """Return whom the message goes to: the phone number, else the person's id at the Official Account."""
    return message.phone or message.oa_user_id


def _values(message: Outbound) -> dict[str, str]:
    # Zalo counts characters of composed text, so a decomposed accent would be counted twice.
    return {name: unicodedata.normalize("NFC", value) for name, value in message.values.items()}


def _body(message: Outbound, credentials: Mapping[str, str], context: Context) -> dict[str, Any] | None:
    if check(message, {}) is not None:
        return None
    values, options = _values(message), parts.options(message)
    if sealing.wanted(credentials):
        try:
            values = sealing.seal(values, credentials)
        except sealing.Unsealable:
            return None
        options["encrypted"] = True
    if message.sending_mode:
        options["sendingMode"] = _MODES[message.sending_mode]
    content = {"type": "TEMPLATE", "templateName": int(message.template), "templateData": values}
    body: dict[str, Any] = {
        "sender": credentials.get("sender", ""),
        "destinations": parts.destinations(recipient(message), message),
        "content": content,
    }
    if options:
        body["options"] = options
    return body | parts.webhooks(context)
