"""What can be asked with a tenant's API key: statistics, and whether the settings are right.

There is no question about a notification, about the day's quota or about templates (zalo-mini-app.md section 9).
"""

from collections.abc import Mapping
from datetime import timedelta
from typing import Final

from providers.contract import Answer, Call, Context, Headers, Question, Response
from providers.mini_app.asking import answered
from providers.mini_app.hosts import API_HOST
from providers.mini_app.stats import VIETNAM, stats_path

QUESTIONS: Final = frozenset({"stats", "connection"})


def ask(question: Question, credentials: Mapping[str, str], context: Context) -> Call:
    """Return the call that asks `question`. Raises KeyError for an unknown kind or a missing parameter.

    Raises ValueError, naming the parameter, for a type of statistics or days that there are not.
    """
    if question.kind not in QUESTIONS:
        raise KeyError(question.kind)
    params = question.params if question.kind == "stats" else _yesterday(context)
    path = stats_path(credentials.get("mini_app_id", ""), params)
    return Call(method="GET", url=context.url(API_HOST, path), headers=_headers(credentials), timeout=context.timeout)


def answer(question: Question, response: Response) -> Answer:
    """Return what `response` says to `question`; `data` in the shape that the README lists for the kind."""
    told = answered(response, question.params.values())
    if question.kind == "connection" and told.ok:
        return Answer(ok=True, data={"proved": ["api_key", "zalo_app_id", "mini_app_id", "allowed addresses"]})
    return told


def _yesterday(context: Context) -> Mapping[str, str]:
    # The cheapest question that meets the key, both ids and the list of addresses, and reaches nobody.
    day = (context.now.astimezone(VIETNAM) - timedelta(days=1)).date().isoformat()
    return {"type": "access-traffic", "first_day": day, "last_day": day}


def _headers(credentials: Mapping[str, str]) -> Headers:
    key = f"Bearer {credentials.get('api_key', '')}"
    return ("X-Api-Key", key), ("X-Zalo-AppID", credentials.get("zalo_app_id", ""))
