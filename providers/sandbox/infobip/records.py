"""Logs, which can be read again, and reports, which are given once (infobip.md sections 5 and 6)."""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any
from urllib.parse import parse_qsl

from providers.sandbox.exchange import Request, Result, json_answer
from providers.sandbox.infobip.ledger import Ledger
from providers.sandbox.infobip.rows import under_way
from providers.sandbox.infobip.seeds import Account
from providers.sandbox.infobip.wire import Refusal

KEPT_SECONDS = 172_800
FAR_AWAY = 1e12
Row = Callable[[Mapping[str, Any], str, str], dict[str, Any]]


async def logs(
    request: Request, account: Account, ledger: Ledger, channel: str, accepted: str, now: float, row: Row
) -> Result:
    """Return the rows that the query asks for, newest first, of the last 48 hours. Raises Refusal."""
    old = channel == "ZALO"
    params = request.params()
    found = await ledger.log(
        account=account.api_key,
        channel=channel,
        since=max(_time(params, "sentSince", 0.0, old), now - KEPT_SECONDS),
        until=_time(params, "sentUntil", FAR_AWAY, old),
        to=params.get("to", "") or params.get("destination", ""),
        ids=_many(request, "messageId"),
        bulks=[] if old else _many(request, "bulkId"),
        limit=_limit(params, old),
    )
    shown = [
        row(
            entry["report"] if ends_at is not None and ends_at <= now else under_way(entry["report"], accepted),
            entry["text"],
            entry["from"],
        )
        for entry, ends_at in found
    ]
    wanted = params.get("generalStatus", "").upper()
    return json_answer({"results": [each for each in shown if wanted in ("", each["status"]["groupName"])]})


async def reports(request: Request, account: Account, ledger: Ledger, now: float) -> Result:
    """Return reports that were not returned before, and that no webhook was told. Raises Refusal."""
    params = request.params()
    taken = await ledger.take(
        account=account.api_key,
        now=now,
        since=now - KEPT_SECONDS,
        id=params.get("messageId", ""),
        bulk=params.get("bulkId", ""),
        entity=params.get("entityId", ""),
        application=params.get("applicationId", ""),
        limit=_limit(params, old=False),
    )
    return json_answer({"results": [entry["report"] for entry in taken]})


def _many(request: Request, name: str) -> list[str]:
    """Return the values of a list parameter, whether repeated or joined by commas."""
    given = (value for key, value in parse_qsl(request.query) if key == name)
    return [one for value in given for one in value.split(",") if one]


def _limit(params: Mapping[str, str], old: bool) -> int:
    text = params.get("limit", "50")
    if not text.isdecimal() or not 1 <= int(text) <= 1000:
        raise Refusal(400, (("limit", "must be between 1 and 1000"),), old=old)
    return int(text)


def _time(params: Mapping[str, str], name: str, default: float, old: bool) -> float:
    text = params.get(name, "")
    if not text:
        return default
    try:
        time = datetime.fromisoformat(text)
    except ValueError as error:
        raise Refusal(400, ((name, "must be a date and time"),), old=old) from error
    return (time if time.tzinfo else time.replace(tzinfo=UTC)).timestamp()
