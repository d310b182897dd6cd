"""What an answer to a send means for each leg of the call (infobip.md sections 3, 9 and 10)."""

from collections.abc import Mapping
from functools import cached_property
from typing import Any, Final

from providers.contract import Call, ErrorRow, NoAnswer, NotSent, Outcome, Reply, Response, Verdict
from providers.infobip.codes import refusals
from providers.infobip.envelope import elements, read_fault
from providers.infobip.errors import Stage, row_for, row_of_http, stage
from providers.zalo.fields import as_list, as_object, as_text, json_object
from providers.zalo.wording import clean, phone_forms

_TIMED_OUT: Final = 408
Fields = Mapping[str, Any]


class _Sent:
    """The messages of a call, read once and only if one of them was refused."""

    def __init__(self, call: Call) -> None:
        self._call = call

    @cached_property
    def _messages(self) -> dict[str, Fields]:
        messages = as_list((json_object(self._call.body) or {}).get("messages"))
        return dict(zip(self._call.legs, map(as_object, messages), strict=False))

    def words(self, leg: str) -> list[str]:
        """Return what the leg's message held that must not be stored: its recipient and its values or text."""
        message = self._messages.get(leg, {})
        content = as_object(message.get("content"))
        values = [as_text(value) for value in as_object(content.get("templateData")).values()]
        recipients = [as_text(as_object(each).get("to")) for each in as_list(message.get("destinations"))]
        return [*values, as_text(content.get("text")), *(form for to in recipients for form in phone_forms(to))]


def outcomes(call: Call, response: Response) -> list[Outcome]:
    """Return one outcome for each leg of `call`, in its order. Never raises on a provider's bytes."""
    if isinstance(response, NotSent):
        return [Outcome(leg_id=leg, verdict=Verdict.NOT_SENT, text=response.reason) for leg in call.legs]
    if isinstance(response, NoAnswer):
        return [_unknown(leg, response.reason) for leg in call.legs]
    if response.status < 300:
        return _each(call, response)
    if response.status >= 500 or response.status < 400 or response.status == _TIMED_OUT:
        return [_unknown(leg, _unclear(response), response) for leg in call.legs]
    return _refused_whole(call, response)


def _each(call: Call, reply: Reply) -> list[Outcome]:
    told = elements(reply, "messages")
    if told is None:
        return [_unknown(leg, _unclear(reply), reply) for leg in call.legs]
    by_id = {as_text(element.get("messageId")): element for element in told}
    sent = _Sent(call)
    return [_one(leg, by_id.get(leg), sent, reply) for leg in call.legs]


def _one(leg: str, element: Fields | None, sent: _Sent, reply: Reply) -> Outcome:
    if element is None:
        return _unknown(leg, "the answer does not name the message", reply)
    status, error = as_object(element.get("status")), as_object(element.get("error"))
    match stage(status, error):
        case Stage.UNDER_WAY | Stage.DELIVERED | Stage.SAME:
            return Outcome(
                leg_id=leg,
                verdict=Verdict.ACCEPTED,
                provider_message_id=leg,
                text=_status_word(status) if stage(status, error) is Stage.SAME else "",
                http_status=reply.status,
                elapsed=reply.elapsed,
            )
        case Stage.FAILED:
            row = row_for(status, error)
            if row.code == "EXPIRED_DLR_UNKNOWN":
                return _unknown(leg, row.code, reply)
            words = as_text(status.get("description")) or _status_word(status)
            return _refused(leg, row, words, sent, reply)
    return _unknown(leg, "the answer tells no status that is known", reply)


def _refused_whole(call: Call, reply: Reply) -> list[Outcome]:
    """Nothing of the request was sent. Where single messages are named, only those are refused for it."""
    fault, sent = read_fault(reply), _Sent(call)
    row = row_of_http(reply.status)
    if reply.status != 400:
        return [_refused(leg, row, fault.words or f"HTTP {reply.status}", sent, reply) for leg in call.legs]
    named = {call.legs[index]: text for index, text in fault.violations.items() if index < len(call.legs)}
    if named:
        return [
            _refused(leg, row, named[leg], sent, reply) if leg in named else _left_behind(leg, reply)
            for leg in call.legs
        ]
    if len(call.legs) > 1:
        row = refusals.BAD_BATCH
    return [_refused(leg, row, fault.words or "HTTP 400", sent, reply) for leg in call.legs]


def _left_behind(leg: str, reply: Reply) -> Outcome:
    return Outcome(
        leg_id=leg,
        verdict=Verdict.NOT_SENT,
        text="another message of the same call was refused",
        http_status=reply.status,
        elapsed=reply.elapsed,
    )


def _refused(leg: str, row: ErrorRow, words: str, sent: _Sent, reply: Reply) -> Outcome:
    return Outcome(
        leg_id=leg,
        verdict=Verdict.REFUSED,
        error=row,
        text=clean(words, sent.words(leg)),
        http_status=reply.status,
        elapsed=reply.elapsed,
        retry_after=_retry_after(reply) or row.retry_seconds or None,
    )


def _unknown(leg: str, text: str, reply: Reply | None = None) -> Outcome:
    """Return an open outcome. The platform knows the message, if it has it, by the leg's id: it can be asked for."""
    return Outcome(
        leg_id=leg,
        verdict=Verdict.UNKNOWN,
        provider_message_id=leg,
        text=text,
        http_status=reply.status if reply else 0,
        elapsed=reply.elapsed if reply else 0.0,
    )


def _unclear(reply: Reply) -> str:
    return f"HTTP {reply.status} with {'no body' if not reply.body.strip() else 'a body that settles nothing'}"


def _status_word(status: Fields) -> str:
    return as_text(status.get("name"))


def _retry_after(reply: Reply) -> float | None:
    value = reply.headers.get("retry-after", "").strip()
    return float(value) if value.isdecimal() and len(value) < 10 else None
