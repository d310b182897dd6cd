"""One notification by the shared Official Account: its request and the reading of its answer (zalo-mini-app.md 2)."""

from collections.abc import Mapping, Sequence
from typing import Final

import msgspec

from providers.contract import (
    Call,
    Context,
    ErrorRow,
    Headers,
    NoAnswer,
    NotSent,
    Outbound,
    Outcome,
    Reply,
    Response,
    Verdict,
)
from providers.mini_app.envelope import read_envelope, unreadable
from providers.mini_app.errors import row_for, row_of_status
from providers.mini_app.hosts import API_HOST
from providers.mini_app.limits import check, composed
from providers.zalo.fields import as_object, as_text, json_object
from providers.zalo.waits import retry_after
from providers.zalo.wording import clean, phone_forms

PATH: Final = "/notification/template"
JSON: Final = ("Content-Type", "application/json")
_encode = msgspec.json.Encoder().encode


def pack(messages: Sequence[Outbound], credentials: Mapping[str, str], context: Context) -> list[Call]:
    """Return one call for each message that fits the wire; `credentials` as in the README."""
    url = context.url(API_HOST, PATH)
    return [
        Call(
            method="POST",
            url=url,
            headers=_headers(message, credentials),
            body=_encode({"templateId": message.template, "templateData": composed(message.values)}),
            legs=(message.leg_id,),
            timeout=context.timeout,
        )
        for message in messages
        if check(message) is None
    ]


def unpack(call: Call, response: Response) -> list[Outcome]:
    """Return one outcome a leg. A whole `err` is believed whatever the status; without one the status may decide.

    There is nothing that guards against a repetition, so what is not certainly refused is unknown.
    """
    if isinstance(response, NotSent):
        return [Outcome(leg_id=leg, verdict=Verdict.NOT_SENT, text=response.reason) for leg in call.legs]
    if isinstance(response, NoAnswer):
        return [Outcome(leg_id=leg, verdict=Verdict.UNKNOWN, text=response.reason) for leg in call.legs]
    envelope = read_envelope(response.body)
    if envelope is None:
        row = row_of_status(response.status)
        if row is not None:
            return [_refused(leg, response, row, f"HTTP {response.status}") for leg in call.legs]
        return [_outcome(leg, response, Verdict.UNKNOWN, unreadable(response)) for leg in call.legs]
    if envelope.code == 0:
        return [_outcome(leg, response, Verdict.ACCEPTED, "") for leg in call.legs]
    text = clean(envelope.message, _sent_values(call))
    return [_refused(leg, response, row_for(envelope.code), text) for leg in call.legs]


def _headers(message: Outbound, credentials: Mapping[str, str]) -> Headers:
    return (
        ("X-Api-Key", f"Bearer {credentials.get('api_key', '')}"),
        ("X-MiniApp-Id", credentials.get("mini_app_id", "")),
        ("X-User-Id", message.mini_app_user_id),
        JSON,
    )


def _outcome(leg_id: str, reply: Reply, verdict: Verdict, text: str) -> Outcome:
    return Outcome(leg_id=leg_id, verdict=verdict, text=text, http_status=reply.status, elapsed=reply.elapsed)


def _refused(leg_id: str, reply: Reply, row: ErrorRow, text: str) -> Outcome:
    return Outcome(
        leg_id=leg_id,
        verdict=Verdict.REFUSED,
        error=row,
        text=text,
        http_status=reply.status,
        elapsed=reply.elapsed,
        retry_after=retry_after(reply.headers) or row.retry_seconds or None,
    )


def _sent_values(call: Call) -> list[str]:
    request = json_object(call.body) or {}
    values = [as_text(value) for value in as_object(request.get("templateData")).values()]
    user = dict(call.headers).get("X-User-Id", "")
    return [*values, *phone_forms(user)] if user else values
