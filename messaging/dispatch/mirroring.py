"""Mirrors what providers say they still allow of their quotas."""

from collections.abc import Iterable

import structlog

from messaging.sql import cursor
from providers.contract import Outcome, Quota

LARGEST = 2**31 - 1
log = structlog.get_logger(__name__)

# Answers overtake each other: within a day of one quota the lowest figure is the newest.
_MIRROR = """
UPDATE tenants_officialaccount SET
    remaining_quota = CASE
        WHEN daily_quota = %(daily)s AND (quota_at AT TIME ZONE 'Asia/Ho_Chi_Minh')::date
             = (gateway_now() AT TIME ZONE 'Asia/Ho_Chi_Minh')::date
        THEN LEAST(remaining_quota, %(remaining)s) ELSE %(remaining)s END,
    daily_quota = %(daily)s, quota_at = gateway_now()
WHERE account_id = %(account)s
"""


def mirror_quotas(answers: Iterable[tuple[int | None, Outcome]]) -> None:
    """Write down what outcomes tell, each with the official account it came over.

    It is written before the messages are settled, so that at no moment one is missing both from the figure and from
    what is in flight. Figures that no quota can have are passed over.
    """
    quotas: dict[int, Quota] = {}
    for account, outcome in answers:
        quota = outcome.quota
        if quota is None or account is None:
            continue
        if not all(0 <= figure <= LARGEST for figure in (quota.daily, quota.remaining) if figure is not None):
            log.warning("quota.unlikely", official_account=account)
            continue
        known = quotas.get(account)
        if known is None or quota.daily != known.daily or _left(quota) < _left(known):
            quotas[account] = quota
    if quotas:
        with cursor() as sql:
            for account, quota in sorted(quotas.items()):
                sql.execute(_MIRROR, {"account": account, "daily": quota.daily, "remaining": quota.remaining})


def _left(quota: Quota) -> int:
    return quota.remaining if quota.remaining is not None else 0
