"""What can be asked of Zalo besides sending (zalo-zns-oa.md sections 4.3, 5 and 7.3): the calls, and their answers."""

from collections.abc import Callable, Mapping
from typing import Any, Final
from urllib.parse import urlencode

import msgspec

from providers.contract import Answer, Call, Context, DeliveryStatus, ErrorRow, Question, Reply, Response
from providers.zalo import oa_errors
from providers.zalo.calls import JSON, auth_headers
from providers.zalo.envelope import Envelope, read_envelope, unreadable
from providers.zalo.error_lookup import TOO_MANY_REQUESTS
from providers.zalo.hosts import BUSINESS_HOST, OA_HOST
from providers.zalo.official_account import PROFILE_PATH, Unreadable, official_account
from providers.zalo.wording import clean
from providers.zns import errors, readings

_encode = msgspec.json.Encoder().encode


class _Asked(msgspec.Struct, frozen=True, kw_only=True):
    """How one kind of question is asked and read. `fixed` are query parameters with the values they default to."""

    path: str
    read: Callable[[Envelope, Question], Any]
    required: tuple[str, ...] = ()
    fixed: Mapping[str, str] = {}
    optional: tuple[str, ...] = ()
    host: str = BUSINESS_HOST
    rows: Callable[[int], ErrorRow] = errors.row_for
    posted: bool = False
    header: str = ""


QUESTIONS: Final[Mapping[str, _Asked]] = {
    "status": _Asked(path="/message/status", required=("message_id",), read=readings.status),
    "templates": _Asked(
        path="/template/all",
        fixed={"offset": "0", "limit": "100", "filterPreset": "0"},
        optional=("status",),
        read=readings.templates,
    ),
    "template": _Asked(path="/template/info/v2", required=("template_id",), read=readings.template),
    "template_sample": _Asked(path="/template/sample-data", required=("template_id",), read=readings.sample),
    "quota": _Asked(path="/message/quota", read=readings.quota),
    "tags": _Asked(path="/message/template-tag", read=readings.tags),
    "quality": _Asked(path="/quality", read=readings.quality),
    "connection": _Asked(path=PROFILE_PATH, host=OA_HOST, rows=oa_errors.row_for, read=official_account),
    "journey_token": _Asked(path="/journey/get-token", required=("phone",), posted=True, read=readings.journey_token),
    "journey_check": _Asked(
        path="/journey/check-token", required=("journey_token",), header="journey_token", read=readings.journey_check
    ),
}


def ask(question: Question, credentials: Mapping[str, str], context: Context) -> Call:
    """Return the call that asks `question`. Raises KeyError for an unknown kind or a missing parameter."""
    asked = QUESTIONS[question.kind]
    given = {name: question.params[name] for name in asked.required}
    headers = auth_headers(credentials)
    if asked.posted:
        url = context.url(asked.host, asked.path)
        return Call(method="POST", url=url, headers=(*headers, JSON), body=_encode(given), timeout=context.timeout)
    if asked.header:
        headers = (*headers, (asked.header, given.pop(asked.header)))
    given |= {name: question.params.get(name, default) for name, default in asked.fixed.items()}
    given |= {name: question.params[name] for name in asked.optional if name in question.params}
    path = f"{asked.path}?{urlencode(given)}" if given else asked.path
    return Call(method="GET", url=context.url(asked.host, path), headers=headers, timeout=context.timeout)


def answer(question: Question, response: Response) -> Answer:
    """Return what `response` says to `question`; `data` in the shape that the README lists for the kind."""
    if not isinstance(response, Reply):
        return Answer(ok=False, reason=response.reason)
    asked = QUESTIONS[question.kind]
    envelope = read_envelope(response.body)
    if envelope is None:
        row = TOO_MANY_REQUESTS if response.status == 429 else None
        return Answer(ok=False, error=row, reason=unreadable(response))
    if envelope.code == -107 and question.kind == "status":
        return Answer(ok=True, data=DeliveryStatus.NOT_FOUND)
    if envelope.code != 0:
        reason = clean(envelope.message, question.params.values())
        return Answer(ok=False, error=asked.rows(envelope.code), reason=reason)
    try:
        return Answer(ok=True, data=asked.read(envelope, question))
    except Unreadable as error:
        return Answer(ok=False, reason=str(error))
