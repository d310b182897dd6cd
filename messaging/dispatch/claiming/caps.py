"""Caps of promotions a person: counted by the claim, so that no worker sends one too many."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

import psycopg

from messaging.dispatch.claiming.facts import Facts
from messaging.dispatch.claiming.leaving import Leaving, send_on
from messaging.policies.hours import VIETNAM
from messaging.policies.periods import Period, resets_at

_HASHES = """
SELECT id, recipient_hash FROM message
WHERE id = ANY(%(ids)s::uuid[]) AND id BETWEEN %(lowest)s AND %(highest)s AND recipient_hash IS NOT NULL
"""
_LOCK = """
INSERT INTO promotion_count (tenant_id, account_id, recipient_hash, day, count)
SELECT %(tenant)s, %(account)s, hash, %(day)s, 0 FROM unnest(%(hashes)s::bytea[]) AS hash ORDER BY hash
ON CONFLICT (tenant_id, account_id, recipient_hash, day) DO UPDATE SET count = promotion_count.count
"""
_COUNTS = """
SELECT recipient_hash, COALESCE(sum(count) FILTER (WHERE day = %(day)s), 0)::int, sum(count)::int FROM promotion_count
WHERE tenant_id = %(tenant)s AND account_id = %(account)s AND recipient_hash = ANY(%(hashes)s::bytea[])
  AND day >= %(month)s AND day <= %(day)s
GROUP BY recipient_hash
"""
_ADD = """
UPDATE promotion_count p SET count = GREATEST(p.count + added.count, 0)
FROM unnest(%(hashes)s::bytea[], %(counts)s::int[]) AS added(hash, count)
WHERE p.tenant_id = %(tenant)s AND p.account_id = %(account)s AND p.recipient_hash = added.hash AND p.day = %(day)s
"""


def keep_caps(sql: "psycopg.Cursor[Any]", facts: Facts, ids: Sequence[UUID], now: datetime) -> set[UUID]:
    """Put off promotions over a person's cap until the next day or month; return which they were.

    The others are counted as sent. The rows of persons are locked in the order of their hashes.
    """
    if not ids:
        return set()
    values: dict[str, Any] = {"ids": list(ids), "lowest": min(ids), "highest": max(ids)}
    hashes: dict[UUID, bytes] = {row[0]: bytes(row[1]) for row in sql.execute(_HASHES, values).fetchall()}
    day = now.astimezone(VIETNAM).date()
    values = {"tenant": facts.tenant_id, "account": facts.account_id, "day": day, "month": day.replace(day=1)}
    values["hashes"] = sorted(set(hashes.values()))
    sql.execute(_LOCK, values)
    had = {bytes(row[0]): (row[1], row[2]) for row in sql.execute(_COUNTS, values).fetchall()}
    over: dict[Period, list[UUID]] = {}
    added: dict[bytes, int] = {}
    for message_id in ids:
        person = hashes.get(message_id)
        if person is None:
            continue
        more = added.get(person, 0)
        today, this_month = had.get(person, (0, 0))
        cap = _reached(facts, today + more, this_month + more)
        if cap is not None:
            over.setdefault(cap, []).append(message_id)
        else:
            added[person] = more + 1
    _add(sql, facts, day, added)
    for period, late in over.items():
        send_on(sql, facts, _leaving(facts, period, now), now, len(late), late)
    return {message_id for late in over.values() for message_id in late}


def cap_of(sql: "psycopg.Cursor[Any]", facts: Facts, person: bytes, now: datetime) -> Leaving | None:
    """Return how a promotion to a person (by hash) would be put off; None where it may go. Counts and locks nothing."""
    day = now.astimezone(VIETNAM).date()
    values = {"tenant": facts.tenant_id, "account": facts.account_id, "day": day, "month": day.replace(day=1)}
    row = sql.execute(_COUNTS, values | {"hashes": [person]}).fetchone()
    period = _reached(facts, row[1] if row else 0, row[2] if row else 0)
    return _leaving(facts, period, now) if period is not None else None


def _reached(facts: Facts, today: int, this_month: int) -> Period | None:
    """Return the period whose cap is reached by so many promotions."""
    if facts.promotions_a_month is not None and this_month >= facts.promotions_a_month:
        return Period.MONTH
    if facts.promotions_a_day is not None and today >= facts.promotions_a_day:
        return Period.DAY
    return None


def _leaving(facts: Facts, period: Period, now: datetime) -> Leaving:
    most = facts.promotions_a_day if period is Period.DAY else facts.promotions_a_month
    detail = {"limit": most, "period": period.value}
    return Leaving("PROMOTION_CAP", "", detail, until=resets_at(period, now, VIETNAM))


def _add(sql: "psycopg.Cursor[Any]", facts: Facts, day: date, added: dict[bytes, int]) -> None:
    if added:
        persons = sorted(added)
        values = {"tenant": facts.tenant_id, "account": facts.account_id, "day": day, "hashes": persons}
        sql.execute(_ADD, values | {"counts": [added[person] for person in persons]})
