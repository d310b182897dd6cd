"""What the moment and the tenant's facts about a person decide (zalo-mini-app.md section 2, Eligibility)."""

from collections.abc import Mapping
from datetime import datetime, timedelta, timezone
from typing import Final

from providers.contract import Context, ErrorRow, Outbound
from providers.mini_app.codes import gates
from providers.mini_app.limits import check

VIETNAM: Final = timezone(timedelta(hours=7))
OPENS, CLOSES = 6, 22
VISIT_HOLDS: Final = timedelta(days=7)


def gate(message: Outbound, credentials: Mapping[str, str], context: Context) -> ErrorRow | None:
    """Return why `message` must not leave at `context.now` (aware), None if it may; `credentials` as in the README."""
    row = check(message)
    if row is not None:
        return row
    visited = _visit(message.extra.get("last_visit"))
    lacking = visited is None or message.extra.get("opted_in") is not True
    if credentials.get("facts") == "required" and lacking:
        return gates.FACTS_LACKING
    if visited is not None and context.now - visited > VISIT_HOLDS:
        return gates.NO_VISIT
    return None if credentials.get("hours") == "any" or _open(context.now) else gates.NIGHT


def _open(now: datetime) -> bool:
    return OPENS <= now.astimezone(VIETNAM).hour < CLOSES


def _visit(fact: object) -> datetime | None:
    """Return the aware time of a visit, None where none is told that can be read; a time without zone is none."""
    if isinstance(fact, str):
        try:
            fact = datetime.fromisoformat(fact)
        except ValueError:
            return None
    return fact if isinstance(fact, datetime) and fact.tzinfo else None
