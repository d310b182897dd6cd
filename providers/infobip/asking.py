"""How a question becomes a call and its answer is read, for both channels of Infobip."""

from collections.abc import Callable, Mapping
from typing import Any, Final
from urllib.parse import quote, urlencode

import msgspec

from providers.contract import Answer, Call, Context, NotSent, Question, Reply, Response
from providers.infobip import calls
from providers.infobip.envelope import read_fault
from providers.infobip.errors import row_of_http
from providers.infobip.readings import Root, Unreadable
from providers.zalo.fields import json_object
from providers.zalo.wording import clean


class Asked(msgspec.Struct, frozen=True, kw_only=True):
    """How one kind of question is asked and read.

    `path` may hold {sender} and {template_id}. `query` maps our parameters to Infobip's; `fixed` are its parameters
    with the values they default to, in our names; `required` are parameters that must be given.
    """

    path: str
    read: Callable[[Root, Question], Any]
    query: Mapping[str, str] = {}
    fixed: Mapping[str, str] = {}
    required: tuple[str, ...] = ()
    posted: bool = False


# What to look at in the channel's settings, by the HTTP status of a refused connection test.
_SETTINGS: Final = {
    401: "api_key: Infobip does not accept it",
    403: "api_key: it lacks the scope for this channel, or this address is not allowed to use it",
    404: "sender: Infobip does not know it, or base_url is another account's",
}


def ask(table: Mapping[str, Asked], question: Question, credentials: Mapping[str, str], context: Context) -> Call:
    """Return the call that asks `question`. Raises KeyError for an unknown kind or a missing parameter."""
    asked = table[question.kind]
    for name in asked.required:
        question.params[name]
    named = {"sender": credentials.get("sender", ""), **question.params}
    path = asked.path.format_map({name: quote(value, safe="") for name, value in named.items()})
    given = {**asked.fixed} | {name: value for name, value in question.params.items() if name in asked.query}
    if pairs := [(asked.query[name], value) for name, value in given.items()]:
        path = f"{path}?{urlencode(pairs)}"
    if asked.posted:
        return calls.post(credentials, context, path, b"")
    return calls.get(credentials, context, path)


def answer(table: Mapping[str, Asked], question: Question, response: Response) -> Answer:
    """Return what `response` says to `question`. Never raises on a provider's bytes."""
    if not isinstance(response, Reply):
        where = "base_url: " if isinstance(response, NotSent) and question.kind == "connection" else ""
        return Answer(ok=False, reason=where + response.reason)
    if response.status >= 300:
        return _refused(question, response)
    root = json_object(response.body)
    if root is None:
        return Answer(ok=False, reason=f"HTTP {response.status} with a body that is no answer of the API")
    try:
        return Answer(ok=True, data=table[question.kind].read(root, question))
    except Unreadable as error:
        return Answer(ok=False, reason=str(error))


def _refused(question: Question, reply: Reply) -> Answer:
    words = clean(read_fault(reply).words, question.params.values()) or f"HTTP {reply.status}"
    setting = _SETTINGS.get(reply.status) if question.kind == "connection" else None
    row = row_of_http(reply.status) if reply.status >= 400 else None
    return Answer(ok=False, error=row, reason=f"{setting} ({words})" if setting else words)
