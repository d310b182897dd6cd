"""SMS by the API's third version (infobip.md section 6): their request and what is refused before it."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from providers.contract import Call, Context, ErrorRow, Outbound
from providers.infobip import calls, parts
from providers.infobip.codes import refusals

PATH: Final = "/sms/3/messages"
_MOST_RECIPIENT: Final = 64


def check(message: Outbound, credentials: Mapping[str, str] | None) -> ErrorRow | None:
    """Return why the message must not be sent, None where it may be; the sender only where `credentials` are given."""
    if not message.phone:
        return refusals.NO_RECIPIENT
    if not message.text:
        return refusals.NO_TEXT
    if len(message.phone) > _MOST_RECIPIENT:
        return refusals.TOO_LONG
    if max(len(message.entity_id), len(message.application_id)) > parts.MOST_PLATFORM:
        return refusals.TOO_LONG
    if credentials is not None and not _sender(message, credentials):
        return refusals.NO_SENDER
    return None


def pack(messages: Sequence[Outbound], credentials: Mapping[str, str], context: Context) -> list[Call]:
    """Return calls of up to a hundred SMS; those that `check` refuses are in none."""
    good = [message for message in messages if check(message, credentials) is None]
    batches = [good[start : start + parts.BATCH] for start in range(0, len(good), parts.BATCH)]
    return [
        calls.post(
            credentials,
            context,
            PATH,
            parts.envelope([_body(message, credentials, context) for message in batch]),
            tuple(message.leg_id for message in batch),
        )
        for batch in batches
    ]


def _sender(message: Outbound, credentials: Mapping[str, str]) -> str:
    return message.sender or credentials.get("sender", "")


def _body(message: Outbound, credentials: Mapping[str, str], context: Context) -> dict[str, Any]:
    body: dict[str, Any] = {
        "sender": _sender(message, credentials),
        "destinations": parts.destinations(message.phone, message),
        "content": {"text": message.text},
    }
    if options := parts.options(message):
        body["options"] = options
    return body | parts.webhooks(context)
