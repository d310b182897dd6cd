"""When a message that was refused for a passing reason may be tried again."""

import random
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from providers.contract import Retry

VIETNAM = ZoneInfo("Asia/Ho_Chi_Minh")
FIRST_BACKOFF = 1.0
LONGEST_BACKOFF = 60.0
SPREAD = timedelta(minutes=5)
MORNING_HOUR = 6


def backoff(tries: int) -> timedelta:
    """Return the wait before retry number `tries` (from 1): doubling from a second, with half of it jitter."""
    longest = min(FIRST_BACKOFF * 2 ** (tries - 1), LONGEST_BACKOFF)
    return timedelta(seconds=longest * random.uniform(0.5, 1.0))  # noqa: S311 spreads load, hides nothing


def next_try(retry: Retry, now: datetime, tries: int, retry_after: float | None = None) -> datetime | None:
    """Return when (aware) retry number `tries` may start, or None where the error allows none.

    Providers reset their quotas at midnight in Viet Nam (zalo-zns-oa.md section 0, Time zone); retries after a reset
    are spread over five minutes so that they do not all arrive in its first second.
    """
    if retry in (Retry.NEVER, Retry.REFRESH_TOKEN):
        return None
    if retry is Retry.BACKOFF:
        wait = backoff(tries)
        return now + max(wait, timedelta(seconds=retry_after or 0))
    local = now.astimezone(VIETNAM)
    if retry is Retry.NEXT_MINUTE:
        opening = local.replace(second=0, microsecond=0) + timedelta(minutes=1)
        return opening + backoff(2)
    day = local.replace(hour=0, minute=0, second=0, microsecond=0)
    if retry is Retry.NEXT_DAY:
        opening = day + timedelta(days=1)
    elif retry is Retry.NEXT_MONTH:
        opening = (day.replace(day=1) + timedelta(days=32)).replace(day=1)
    else:
        opening = day.replace(hour=MORNING_HOUR)
        if opening <= local:
            opening += timedelta(days=1)
    return opening + SPREAD * random.random()  # noqa: S311
