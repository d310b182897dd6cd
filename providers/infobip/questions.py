"""What can be asked about Zalo through Infobip besides sending (infobip.md sections 2, 3 and 5)."""

from collections.abc import Mapping
from typing import Final

from providers.contract import Answer, Call, Context, Question, Response
from providers.infobip import asking, readings
from providers.infobip.asking import Asked

LOG_QUERY: Final = {
    "message_id": "messageId",
    "message_ids": "messageId",
    "since": "sentSince",
    "until": "sentUntil",
    "general_status": "generalStatus",
    "limit": "limit",
}
BALANCE: Final = Asked(path="/account/1/balance", read=readings.balance)
_SENDER: Final = "/zalo/1/sender/{sender}"

QUESTIONS: Final[Mapping[str, Asked]] = {
    "status": Asked(
        path="/zalo/1/logs",
        query=LOG_QUERY,
        fixed={"limit": "10"},
        required=("message_id",),
        read=readings.status,
    ),
    "records": Asked(
        path="/zalo/1/logs", query=LOG_QUERY, fixed={"limit": str(readings.MOST_ROWS)}, read=readings.records
    ),
    "quota": Asked(path=_SENDER + "/quota", read=readings.quota),
    "templates": Asked(
        path=_SENDER + "/templates",
        query={"page": "page", "limit": "size", "status": "status"},
        fixed={"page": "0", "limit": "100"},
        read=readings.templates,
    ),
    "template": Asked(path=_SENDER + "/templates/{template_id}", required=("template_id",), read=readings.template),
    "public_key": Asked(path=_SENDER + "/public-key", read=readings.public_key),
    "create_public_key": Asked(path=_SENDER + "/public-key", posted=True, read=readings.public_key),
    "balance": BALANCE,
    "connection": Asked(path=_SENDER + "/quota", read=readings.connected),
}


def ask(question: Question, credentials: Mapping[str, str], context: Context) -> Call:
    """Return the call that asks `question`. Raises KeyError for an unknown kind or a missing parameter."""
    return asking.ask(QUESTIONS, _paged(question), credentials, context)


def answer(question: Question, response: Response) -> Answer:
    """Return what `response` says to `question`; `data` in the shape that the README lists for the kind."""
    return asking.answer(QUESTIONS, question, response)


def _paged(question: Question) -> Question:
    """Turn the offset in which every provider is asked for templates into the number of Infobip's page."""
    if question.kind != "templates" or "offset" not in question.params:
        return question
    params = dict(question.params)
    size = int(params.get("limit", "100"))
    return Question(kind=question.kind, params=params | {"page": str(int(params.pop("offset")) // max(1, size))})
