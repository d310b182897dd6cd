"""What can be asked of NXCloud: the balance, and whether a channel's settings are right (nxcloud.md section 1).

There is no question about a Zalo message: its report is the only source.
"""

from collections.abc import Callable, Mapping
from typing import Final
from urllib.parse import urlencode

import msgspec

from providers.contract import Answer, Call, Context, ErrorRow, Question, Response
from providers.nxcloud.asking import FORM, Reading, answered, named_fault
from providers.nxcloud.envelope import Envelope
from providers.nxcloud.errors import row_for
from providers.nxcloud.hosts import API_HOST, url_at
from providers.nxcloud.sending import ACTION, BIZ_TYPE, JSON, PATH
from providers.nxcloud.signature import signed_headers
from providers.zalo.fields import as_text

# Let through by the signature and the application, then missed in the request.
_LET_THROUGH: Final = frozenset({0, 1002, 9000, 9002, 17001, 17002})
_encode = msgspec.json.Encoder().encode


def ask(question: Question, credentials: Mapping[str, str], context: Context) -> Call:
    """Return the call that asks `question`. Raises KeyError for an unknown kind."""
    return _QUESTIONS[question.kind][0](credentials, context)


def answer(question: Question, response: Response) -> Answer:
    """Return what `response` says to `question`; `data` in the shape that the README lists for the kind."""
    return answered(response, _QUESTIONS[question.kind][1])


def ask_balance(credentials: Mapping[str, str], context: Context) -> Call:
    """Return the call that asks for the balance; it needs the keys of any enabled SMS application."""
    keys = {"appkey": credentials.get("appkey", ""), "secretkey": credentials.get("secretkey", "")}
    return Call(
        method="POST",
        url=url_at(API_HOST, "/api/common/getBalance", credentials, context),
        headers=(FORM,),
        body=urlencode(keys).encode(),
        timeout=context.timeout,
    )


def read_balance(envelope: Envelope, row_of: Callable[[int], ErrorRow] = row_for) -> Answer:
    """Return {"balance", "credit"}, decimal texts in the account's currency, which NXCloud does not tell."""
    if envelope.code != 0:
        return Answer(ok=False, error=row_of(envelope.code), reason=named_fault(row_of(envelope.code)))
    balance = as_text(envelope.root.get("balance"))
    if not balance:
        return Answer(ok=False, reason="the answer tells no balance")
    return Answer(ok=True, data={"balance": balance, "credit": as_text(envelope.root.get("credit_balance"))})


def _ask_connection(credentials: Mapping[str, str], context: Context) -> Call:
    # A send without recipient and template: it can reach nobody, and passes every check of the settings.
    body = _encode({"appkey": credentials.get("appkey", ""), "functionType": "template"})
    headers = (*signed_headers(credentials, BIZ_TYPE, ACTION, body, context.now), JSON)
    url = url_at(API_HOST, PATH, credentials, context)
    return Call(method="POST", url=url, headers=headers, body=body, timeout=context.timeout)


def _read_connection(envelope: Envelope) -> Answer:
    if envelope.code in _LET_THROUGH:
        return Answer(ok=True, data={"proved": ["access_key", "access_secret", "appkey"]})
    row = row_for(envelope.code)
    return Answer(ok=False, error=row, reason=named_fault(row))


_QUESTIONS: Final[Mapping[str, tuple[Callable[[Mapping[str, str], Context], Call], Reading]]] = {
    "balance": (ask_balance, read_balance),
    "connection": (_ask_connection, _read_connection),
}
QUESTIONS: Final = frozenset(_QUESTIONS)
