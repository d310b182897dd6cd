"""One template message to one phone number: its request and the reading of its answer (zalo-zns-oa.md section 4)."""

import unicodedata
from collections.abc import Mapping, Sequence
from typing import Any, Final

import msgspec

from providers.contract import Call, Context, ErrorRow, Outbound, Outcome, Quota, Reply, Verdict
from providers.zalo.calls import JSON, auth_headers
from providers.zalo.envelope import Envelope, read_envelope, unreadable
from providers.zalo.error_lookup import TOO_MANY_REQUESTS
from providers.zalo.fields import as_int, as_object, as_text, as_time, json_object
from providers.zalo.hosts import BUSINESS_HOST
from providers.zalo.waits import retry_after
from providers.zalo.wording import clean, phone_forms
from providers.zns.calls import hashed
from providers.zns.errors import row_for

PLAIN_PATH: Final = "/message/template"
HASHED_PATH: Final = "/message/template/hashphone"

_encode = msgspec.json.Encoder().encode


def pack(messages: Sequence[Outbound], credentials: Mapping[str, str], context: Context) -> list[Call]:
    """Return one call a message; `credentials` as in the README."""
    hash_phone = credentials.get("hash_phone") == "1"
    url = context.url(BUSINESS_HOST, HASHED_PATH if hash_phone else PLAIN_PATH)
    headers = (*auth_headers(credentials), JSON)
    return [
        Call(
            method="POST",
            url=url,
            headers=(*headers, ("journey_token", message.journey_token)) if message.journey_token else headers,
            body=_encode(_body(message, hash_phone)),
            legs=(message.leg_id,),
            timeout=context.timeout,
        )
        for message in messages
    ]


def _body(message: Outbound, hash_phone: bool) -> dict[str, Any]:
    # Zalo counts characters of composed text, so a decomposed accent would be counted twice (section 2).
    values = {name: unicodedata.normalize("NFC", value) for name, value in message.values.items()}
    body: dict[str, Any] = {"hash_phone": hashed(message.phone)} if hash_phone else {"phone": message.phone}
    body |= {"template_id": message.template, "template_data": values, "tracking_id": message.leg_id}
    if message.mode:
        body["mode"] = message.mode
    if message.sending_mode:
        body["sending_mode"] = message.sending_mode
    return body


def unpack(call: Call, reply: Reply) -> list[Outcome]:
    """Return the outcome that `reply` means for each leg of `call`.

    A numeric `error` is believed whatever the HTTP status. Without one the request may have been acted on: unknown,
    except for 429, which says that it was not.
    """
    envelope = read_envelope(reply.body)
    if envelope is None:
        if reply.status == 429:
            return [_refused(leg, call, reply, TOO_MANY_REQUESTS, "HTTP 429") for leg in call.legs]
        return [_unknown(leg, reply) for leg in call.legs]
    if envelope.code == 0:
        return [_accepted(leg, reply, envelope) for leg in call.legs]
    return [_refused(leg, call, reply, row_for(envelope.code), envelope.message) for leg in call.legs]


def _accepted(leg_id: str, reply: Reply, envelope: Envelope) -> Outcome:
    data = envelope.fields
    return Outcome(
        leg_id=leg_id,
        verdict=Verdict.ACCEPTED,
        provider_message_id=as_text(data.get("msg_id")),
        http_status=reply.status,
        elapsed=reply.elapsed,
        sent_at=as_time(data.get("sent_time")),
        quota=read_quota(data.get("quota")),
    )


def _refused(leg_id: str, call: Call, reply: Reply, row: ErrorRow, wording: str) -> Outcome:
    return Outcome(
        leg_id=leg_id,
        verdict=Verdict.REFUSED,
        error=row,
        text=clean(wording, _sent_values(call.body)),
        http_status=reply.status,
        elapsed=reply.elapsed,
        retry_after=retry_after(reply.headers) or row.retry_seconds or None,
    )


def _unknown(leg_id: str, reply: Reply) -> Outcome:
    return Outcome(
        leg_id=leg_id,
        verdict=Verdict.UNKNOWN,
        text=unreadable(reply),
        http_status=reply.status,
        elapsed=reply.elapsed,
    )


def read_quota(value: object) -> Quota | None:
    """Return the official account's quota of today from a `quota` object, None where it tells no number."""
    fields = as_object(value)
    daily, remaining = as_int(fields.get("dailyQuota")), as_int(fields.get("remainingQuota"))
    return None if daily is None and remaining is None else Quota(daily=daily, remaining=remaining)


def _sent_values(body: bytes) -> list[str]:
    request = json_object(body) or {}
    values = [as_text(value) for value in as_object(request.get("template_data")).values()]
    if phone := as_text(request.get("phone")):
        values.extend(phone_forms(phone))
    values.append(as_text(request.get("hash_phone")))
    return values
