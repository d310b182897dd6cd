"""What can be asked besides sending: of templates what ZNS asks, of the account and its purses the account's host."""

from collections.abc import Mapping
from typing import Final

import msgspec

from providers.contract import Answer, Call, Context, Question, Reply, Response, TemplateDetail
from providers.zalo import oa_asking
from providers.zalo.envelope import read_envelope
from providers.zalo.fields import as_text
from providers.zalo.oa_asking import Asked
from providers.zalo.oa_quota import QUOTA_PATH, purses
from providers.zalo.official_account import PROFILE_PATH, official_account
from providers.zns import questions as zns

_OF_TEMPLATES: Final = frozenset({"templates", "template", "template_sample", "tags", "quality"})
_OF_ACCOUNT: Final[Mapping[str, Asked]] = {
    "connection": Asked(path=PROFILE_PATH, read=official_account),
    "quota": Asked(
        path=QUOTA_PATH,
        fixed={"quota_owner": "OA", "product_type": "transaction", "quota_type": "sub_quota"},
        posted=True,
        read=purses,
    ),
}
QUESTIONS: Final = _OF_TEMPLATES | _OF_ACCOUNT.keys()


def ask(question: Question, credentials: Mapping[str, str], context: Context) -> Call:
    """Return the call that asks `question`. Raises KeyError for an unknown kind or a missing parameter."""
    if question.kind in _OF_TEMPLATES:
        return zns.ask(question, credentials, context)
    return oa_asking.ask(_OF_ACCOUNT[question.kind], question, credentials, context)


def answer(question: Question, response: Response) -> Answer:
    """Return what `response` says to `question`; a template's price is that by user id."""
    if question.kind not in _OF_TEMPLATES:
        return oa_asking.answer(_OF_ACCOUNT[question.kind], question, response)
    told = zns.answer(question, response)
    if isinstance(told.data, TemplateDetail) and isinstance(response, Reply):
        envelope = read_envelope(response.body)
        price = as_text(envelope.fields.get("price_uid")) if envelope else ""
        return msgspec.structs.replace(told, data=msgspec.structs.replace(told.data, price=price))
    return told
