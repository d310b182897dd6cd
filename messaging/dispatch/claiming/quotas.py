"""Quotas: locked, checked and reserved by the claim, so that exactly the limit leaves, over any number of workers."""

from collections import Counter
from collections.abc import Iterable
from datetime import date, datetime
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import msgspec
import psycopg

from messaging.policies.periods import Period, resets_at, starts_on
from messaging.quotas.warnings import warn


class Limit(msgspec.Struct):
    """One quota with what is used of it in the present period."""

    id: int
    channel_id: int | None
    template_id: int | None
    period: Period
    limit: int
    on_limit: str
    counts_from: datetime
    starts: date
    resets: datetime
    used: int
    warned: int = 0

    @property
    def left(self) -> int:
        """Return how many more messages may go."""
        return max(self.limit - self.used, 0)

    @property
    def numbers(self) -> dict[str, Any]:
        """Return what a timeline tells of it."""
        return {
            "limit": self.limit,
            "period": self.period.value,
            "used": self.used,
            "resetsAt": self.resets.isoformat(),
        }


_QUOTAS = """
SELECT id, channel_id, template_id, period, "limit", on_limit, counts_from FROM tenants_quota
WHERE tenant_id = %(tenant)s AND (channel_id IS NULL OR channel_id = %(channel)s)
ORDER BY id
"""
_MAKE = """
INSERT INTO tenants_quotausage (quota_id, starts_on, used, warned)
SELECT quota, starts, 0, 0 FROM unnest(%(quotas)s::bigint[], %(starts)s::date[]) AS wanted(quota, starts)
ON CONFLICT DO NOTHING
"""
_LOCK = """
SELECT usage.quota_id, usage.used, usage.warned FROM tenants_quotausage usage
JOIN unnest(%(quotas)s::bigint[], %(starts)s::date[]) AS wanted(quota, starts)
  ON usage.quota_id = wanted.quota AND usage.starts_on = wanted.starts
ORDER BY usage.quota_id FOR UPDATE OF usage
"""
_PEEK = """
SELECT usage.quota_id, usage.used FROM tenants_quotausage usage
JOIN unnest(%(quotas)s::bigint[], %(starts)s::date[]) AS wanted(quota, starts)
  ON usage.quota_id = wanted.quota AND usage.starts_on = wanted.starts
"""
_ADD = """
UPDATE tenants_quotausage usage SET used = GREATEST(usage.used + added.count, 0)
FROM unnest(%(quotas)s::bigint[], %(starts)s::date[], %(counts)s::int[]) AS added(quota, starts, count)
WHERE usage.quota_id = added.quota AND usage.starts_on = added.starts
"""
_TEMPLATES = """
SELECT id, template_id FROM message WHERE id = ANY(%(ids)s::uuid[]) AND id BETWEEN %(lowest)s AND %(highest)s
"""


def read_limits(
    sql: "psycopg.Cursor[Any]", tenant_id: int, channel_id: int, zone: ZoneInfo, now: datetime
) -> tuple[list[Limit], list[Limit]]:
    """Return the limits of tenant and channel, and those of templates; nothing is locked and `used` is not read."""
    rows = sql.execute(_QUOTAS, {"tenant": tenant_id, "channel": channel_id}).fetchall()
    limits = []
    for quota, channel, template, name, most, on_limit, counts_from in rows:
        period = Period(name)
        starts, resets = starts_on(period, now, zone), resets_at(period, now, zone)
        limits.append(Limit(quota, channel, template, period, most, on_limit, counts_from, starts, resets, 0))
    return [limit for limit in limits if limit.template_id is None], [limit for limit in limits if limit.template_id]


def lock(sql: "psycopg.Cursor[Any]", limits: list[Limit]) -> None:
    """Lock the usages of these limits and read what is used."""
    if not limits:
        return
    values = {"quotas": [limit.id for limit in limits], "starts": [limit.starts for limit in limits]}
    found = sql.execute(_LOCK, values).fetchall()
    if len(found) < len(limits):
        sql.execute(_MAKE, values)
        found = sql.execute(_LOCK, values).fetchall()
    usages = {quota: (used, warned) for quota, used, warned in found}
    for limit in limits:
        limit.used, limit.warned = usages[limit.id]


def peek(sql: "psycopg.Cursor[Any]", limits: list[Limit]) -> None:
    """Read what is used of these limits without locking anything: for looks that reserve nothing."""
    values = {"quotas": [limit.id for limit in limits], "starts": [limit.starts for limit in limits]}
    usages = dict(sql.execute(_PEEK, values).fetchall())
    for limit in limits:
        limit.used = usages.get(limit.id, 0)


def add(sql: "psycopg.Cursor[Any]", limits: Iterable[Limit], count: int) -> None:
    """Count `count` more messages against limits that the caller has locked; warn where one comes near its end."""
    rows = list(limits)
    if rows and count:
        values = {
            "quotas": [limit.id for limit in rows],
            "starts": [limit.starts for limit in rows],
            "counts": [count] * len(rows),
        }
        sql.execute(_ADD, values)
        for limit in rows:
            limit.used += count
        warn(rows)


def templates_of(sql: "psycopg.Cursor[Any]", ids: list[UUID]) -> dict[UUID, int]:
    """Return message id -> template id."""
    if not ids:
        return {}
    values = {"ids": ids, "lowest": min(ids), "highest": max(ids)}
    return dict(sql.execute(_TEMPLATES, values).fetchall())


class Returned(msgspec.Struct, frozen=True):
    """A message whose call was refused or never left: what was reserved for it is given back."""

    message_id: UUID
    tenant_id: int
    channel_id: int
    reserved_at: datetime


_ZONES = """
SELECT id, time_zone FROM tenants_tenant WHERE id = ANY(%s::bigint[])
"""


def give_back(sql: "psycopg.Cursor[Any]", returned: Iterable[Returned]) -> None:
    """Take messages off the usages they were counted in. The caller holds their due rows, which no claim waits for."""
    rows = list(returned)
    if not rows:
        return
    zones = {tenant: ZoneInfo(zone) for tenant, zone in sql.execute(_ZONES, ([r.tenant_id for r in rows],)).fetchall()}
    templates: dict[UUID, int] | None = None
    counts: Counter[tuple[int, date]] = Counter()
    for tenant_id, channel_id in sorted({(row.tenant_id, row.channel_id) for row in rows}):
        zone = zones[tenant_id]
        ours = [row for row in rows if (row.tenant_id, row.channel_id) == (tenant_id, channel_id)]
        whole, by_template = read_limits(sql, tenant_id, channel_id, zone, ours[0].reserved_at)
        if by_template and templates is None:
            templates = templates_of(sql, [row.message_id for row in rows])
        for row in ours:
            template = templates.get(row.message_id) if templates else None
            counted_in = [*whole, *(limit for limit in by_template if limit.template_id == template)]
            for limit in counted_in:
                if row.reserved_at >= limit.counts_from:
                    counts[limit.id, starts_on(limit.period, row.reserved_at, zone)] += 1
    _take_off(sql, counts)


def _take_off(sql: "psycopg.Cursor[Any]", counts: Counter[tuple[int, date]]) -> None:
    keys = sorted(counts)
    if keys:
        quotas, starts = [quota for quota, _ in keys], [start for _, start in keys]
        sql.execute(_LOCK, {"quotas": quotas, "starts": starts})
        sql.execute(_ADD, {"quotas": quotas, "starts": starts, "counts": [-counts[key] for key in keys]})
