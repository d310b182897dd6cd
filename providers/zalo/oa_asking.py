"""How questions are put to the Official Account host and how their answers are taken (zalo-zns-oa.md section 2)."""

from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import quote

import msgspec

from providers.contract import Answer, Call, Context, Question, Reply, Response
from providers.zalo.calls import JSON, auth_headers
from providers.zalo.envelope import Envelope, read_envelope, unreadable
from providers.zalo.error_lookup import TOO_MANY_REQUESTS
from providers.zalo.hosts import OA_HOST
from providers.zalo.oa_errors import row_for
from providers.zalo.official_account import Unreadable
from providers.zalo.wording import clean

_encode = msgspec.json.Encoder().encode
Read = Callable[[Envelope, Question], Any]


class Asked(msgspec.Struct, frozen=True, kw_only=True):
    """How one kind of question is asked and read.

    `fixed` are fields with the values they default to; those in `numbers` travel as numbers. A GET carries its fields
    as one parameter `data`, a POST as its body.
    """

    path: str
    read: Read
    required: tuple[str, ...] = ()
    fixed: Mapping[str, str] = {}
    optional: tuple[str, ...] = ()
    numbers: frozenset[str] = frozenset()
    posted: bool = False


def ask(asked: Asked, question: Question, credentials: Mapping[str, str], context: Context) -> Call:
    """Return the call that asks `question`. Raises KeyError for a missing parameter, ValueError for no number."""
    texts = {name: question.params[name] for name in asked.required}
    texts |= {name: question.params.get(name, default) for name, default in asked.fixed.items()}
    texts |= {name: question.params[name] for name in asked.optional if question.params.get(name)}
    fields = {name: int(text) if name in asked.numbers else text for name, text in texts.items()}
    headers = auth_headers(credentials)
    if asked.posted:
        url = context.url(OA_HOST, asked.path)
        return Call(method="POST", url=url, headers=(*headers, JSON), body=_encode(fields), timeout=context.timeout)
    path = f"{asked.path}?data={quote(_encode(fields), safe='')}" if fields else asked.path
    return Call(method="GET", url=context.url(OA_HOST, path), headers=headers, timeout=context.timeout)


def answer(asked: Asked, question: Question, response: Response) -> Answer:
    """Return what `response` says to `question`. Never raises on a provider's bytes."""
    if not isinstance(response, Reply):
        return Answer(ok=False, reason=response.reason)
    envelope = read_envelope(response.body)
    if envelope is None:
        row = TOO_MANY_REQUESTS if response.status == 429 else None
        return Answer(ok=False, error=row, reason=unreadable(response))
    if envelope.code != 0:
        params = (text for name, text in question.params.items() if name != "content")
        reason = clean(envelope.message, params)
        return Answer(ok=False, error=row_for(envelope.code, envelope.message), reason=reason)
    try:
        return Answer(ok=True, data=asked.read(envelope, question))
    except Unreadable as error:
        return Answer(ok=False, reason=str(error))
