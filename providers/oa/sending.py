"""One consultation message to one person: its request, and what its answer must not repeat (zalo-zns-oa.md 7.1)."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from providers.contract import Call, Context, Outbound, Outcome, Response
from providers.oa.contents import check, content
from providers.oa.errors import row_for
from providers.zalo.calls import sends_by_user_id
from providers.zalo.fields import json_object
from providers.zalo.oa_outcomes import outcomes

PATH: Final = "/v3.0/oa/message/cs"
# Words of the wire itself, which Zalo's texts may well hold.
_SHORTEST_SECRET: Final = 3

__all__ = ["check", "pack", "unpack"]


def pack(messages: Sequence[Outbound], credentials: Mapping[str, str], context: Context) -> list[Call]:
    """Return one call for each message within the limits; `credentials` as in the README."""
    fitting = (message for message in messages if check(message) is None)
    return sends_by_user_id(PATH, fitting, _body, credentials, context)


def unpack(call: Call, response: Response) -> list[Outcome]:
    """Return the outcome that `response` means for each leg of `call`."""
    return outcomes(call, response, row_for, _sent_values(call.body))


def _body(message: Outbound) -> dict[str, Any]:
    return {"recipient": {"user_id": message.oa_user_id}, "message": content(message)}


def _sent_values(body: bytes) -> list[str]:
    request = json_object(body) or {}
    return [text for text in _texts(request) if len(text) >= _SHORTEST_SECRET]


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    for name, inner in value.items() if isinstance(value, dict) else ():
        if name not in ("type", "template_type", "media_type"):
            yield from _texts(inner)
    for inner in value if isinstance(value, list) else ():
        yield from _texts(inner)
