"""What can be asked about SMS besides sending (infobip.md sections 5 and 6)."""

from collections.abc import Mapping
from typing import Final

from providers.contract import Answer, Call, Context, Question, Response
from providers.infobip import asking, readings
from providers.infobip.asking import Asked
from providers.infobip.questions import BALANCE, LOG_QUERY

_LOGS: Final = "/sms/3/logs"

QUESTIONS: Final[Mapping[str, Asked]] = {
    "status": Asked(path=_LOGS, query=LOG_QUERY, fixed={"limit": "10"}, required=("message_id",), read=readings.status),
    "records": Asked(path=_LOGS, query=LOG_QUERY, fixed={"limit": str(readings.MOST_ROWS)}, read=readings.records),
    # Every report is given once: whoever asks takes it from everybody else who asks with the same account.
    "reports": Asked(
        path="/sms/3/reports",
        query={
            "message_id": "messageId",
            "bulk_id": "bulkId",
            "entity_id": "entityId",
            "application_id": "applicationId",
            "limit": "limit",
        },
        fixed={"limit": str(readings.MOST_ROWS)},
        read=readings.records,
    ),
    "balance": BALANCE,
    "connection": Asked(path=_LOGS, query={"limit": "limit"}, fixed={"limit": "1"}, read=readings.connected),
}


def ask(question: Question, credentials: Mapping[str, str], context: Context) -> Call:
    """Return the call that asks `question`. Raises KeyError for an unknown kind or a missing parameter."""
    return asking.ask(QUESTIONS, question, credentials, context)


def answer(question: Question, response: Response) -> Answer:
    """Return what `response` says to `question`; `data` in the shape that the README lists for the kind."""
    return asking.answer(QUESTIONS, question, response)
