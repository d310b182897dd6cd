"""Meters: the paces and the calls at once that bind a lane, locked and moved on by its claim."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from math import ceil
from typing import Any

import msgspec
import psycopg
from django.conf import settings

from messaging.dispatch.claiming.facts import PROVIDER_LEFT, Facts
from messaging.dispatch.claiming.paced import paces_of
from messaging.dispatch.waiting_lanes import FLYING_LANES, WAITING_LANES
from messaging.policies.pace import Meter, next_free, take_slots
from messaging.states import MessageClass, Phase

# A little more than the tick, so that a slot is never found only after it has passed.
AHEAD = timedelta(milliseconds=1200)
AHEAD_OF_OTP = timedelta(milliseconds=200)
_ORDER = ("bulk", "channel", "account", "share")
NO_LIMIT = 1_000_000
# Of the time ahead: slots that come up sooner than this are for whoever wants them.
SPARE = 0.25


class Meters(msgspec.Struct):
    """What was locked for one claim; `most` is how many messages the limits of calls at once leave.

    `share` is the tenant's part of a lent account's pace while others want it too.
    """

    clocks: list[tuple[str, str, Meter]]
    ahead: timedelta
    most: int
    patience: timedelta | None = None
    share: tuple[str, Meter] | None = None

    def slots(self, firsts: Sequence[bool], now: datetime, ends: datetime) -> list[datetime]:
        """Give release times before `ends`, moving the meters on."""
        self._mend(now)
        meters = [meter for _, _, meter in self.clocks]
        wanted = firsts[: self.most]
        own = self._own_share(now)
        slots = take_slots(meters, wanted[:own], now, min(now + self.ahead, ends))
        if self.share is not None:
            meter = self.share[1]
            meter.next_slot = max(meter.next_slot, now) + meter.interval * len(slots)
            if len(slots) == own:
                # What comes up so soon nobody else has asked for.
                slots += take_slots(meters, wanted[own:], now, min(now + self.ahead * SPARE, ends))
        return slots

    def look_again(self, now: datetime) -> datetime | None:
        """Return when the next slots can be given, early enough that none passes unused; None where no pace binds."""
        if not self.clocks:
            return None
        free = next_free([meter for _, _, meter in self.clocks], now)
        if self.share is None:
            return free - self.ahead / 2
        return min(max(free, self.share[1].next_slot) - self.ahead / 2, free - self.ahead * SPARE)

    def _own_share(self, now: datetime) -> int:
        """Return how many slots the tenant may take before others have had theirs."""
        if self.share is None:
            return NO_LIMIT
        meter = self.share[1]
        return max(0, ceil((now + self.ahead - max(meter.next_slot, now)) / meter.interval))

    def _mend(self, now: datetime) -> None:
        """Bring back meters that stand farther ahead than any claim could have moved them: the clock went back, or the
        pace was made faster. The last slot that was given still lies an interval behind."""
        meters = [meter for _, _, meter in self.clocks] + ([self.share[1]] if self.share else [])
        for meter in meters:
            meter.next_slot = min(meter.next_slot, now + AHEAD + meter.interval)


_MAKE = """
INSERT INTO pace_clock (scope, key, next_slot)
SELECT scope, key, '2000-01-01Z' FROM unnest(%(scopes)s::text[], %(keys)s::text[]) AS wanted(scope, key)
ON CONFLICT DO NOTHING
"""
_LOCK = """
SELECT clock.scope, clock.next_slot FROM pace_clock clock
JOIN unnest(%(scopes)s::text[], %(keys)s::text[]) WITH ORDINALITY AS wanted(scope, key, place)
  ON clock.scope = wanted.scope AND clock.key = wanted.key
ORDER BY wanted.place FOR UPDATE OF clock
"""
_STORE = """
UPDATE pace_clock SET next_slot = moved.next_slot
FROM unnest(%(scopes)s::text[], %(keys)s::text[], %(slots)s::timestamptz[]) AS moved(scope, key, next_slot)
WHERE pace_clock.scope = moved.scope AND pace_clock.key = moved.key
"""
_OTP_SHARES = """
SELECT EXISTS (SELECT FROM lane JOIN tenants_channel c ON c.id = lane.channel_id
               WHERE c.account_id = %(account)s AND lane.message_class = 1 AND NOT lane.test)
"""
# Lanes are looked up one by one (OFFSET 0 keeps it so): bulks that are through leave theirs behind by the thousand.
_BUSY_TENANTS = f"""
{WAITING_LANES}
SELECT 1 + count(DISTINCT lane.tenant_id) FROM waiting
CROSS JOIN LATERAL (SELECT * FROM lane WHERE lane.id = waiting.lane_id OFFSET 0) AS lane
JOIN tenants_channel c ON c.id = lane.channel_id
WHERE c.account_id = %(account)s AND NOT lane.test AND c.state = 'active' AND lane.tenant_id <> %(tenant)s
  AND lane.next_at <= gateway_now() + interval '2 s' AND (
      SELECT due.due_at FROM due WHERE due.lane_id = lane.id AND due.phase = {Phase.READY} ORDER BY due.due_at LIMIT 1
  ) <= gateway_now()
"""
_IN_FLIGHT = f"""
{FLYING_LANES}
SELECT COALESCE(sum(under_way.count) FILTER (WHERE lane.channel_id = %(channel)s), 0)::int,
       COALESCE(sum(under_way.count), 0)::int,
       COALESCE(sum(under_way.count) FILTER (WHERE lane.tenant_id = %(tenant)s), 0)::int,
       {PROVIDER_LEFT.format(account="%(account)s")}
FROM flying CROSS JOIN LATERAL (SELECT * FROM lane WHERE lane.id = flying.lane_id OFFSET 0) AS lane
JOIN tenants_channel c ON c.id = lane.channel_id
CROSS JOIN LATERAL (SELECT count(*) FROM due WHERE due.lane_id = lane.id AND due.phase = {Phase.SENDING}) AS under_way
WHERE NOT lane.test AND c.account_id = %(account)s
"""


def lock_meters(sql: "psycopg.Cursor[Any]", facts: Facts) -> Meters:
    """Lock and return what meters the lane; call only for a lane that is metered."""
    limits = facts.near_provider_limit, facts.channel_in_flight is not None, facts.account_in_flight is not None
    limited = not facts.test and any(limits)
    wanted = [(paced.scope, paced.key, paced.pace) for paced in paces_of(facts)]
    rows = [(scope, key) for scope, key, _ in wanted]
    if limited and not any(scope == "account" for scope, _ in rows):
        rows.append(("account", str(facts.account_id)))
    shared = facts.shared and not facts.test and (facts.account_rate is not None or facts.account_in_flight is not None)
    if shared and facts.account_rate is not None:
        rows.append(("share", _share_key(facts)))
    rows.sort(key=lambda row: _ORDER.index(row[0]))
    found = _lock(sql, rows)
    values = {"account": facts.account_id, "channel": facts.channel_id, "tenant": facts.tenant_id}
    tenants = _one(sql, _BUSY_TENANTS, values) if shared else 1
    clocks = [(scope, key, Meter(pace.interval, found[scope], scope == "bulk")) for scope, key, pace in wanted]
    share = None
    if tenants > 1 and facts.account_rate is not None:
        share = _share_key(facts), Meter(facts.account_rate.interval * tenants, found["share"])
    near = facts.message_class != MessageClass.OTP and facts.account_rate and _one(sql, _OTP_SHARES, values)
    most = _room(sql, facts, values, tenants) if limited else NO_LIMIT
    patience = min((pace.patience for _, _, pace in wanted), default=None)
    ahead = AHEAD_OF_OTP if near else AHEAD
    return Meters(clocks, ahead, most, patience, share)


def store_meters(sql: "psycopg.Cursor[Any]", meters: Meters) -> None:
    """Write the meters on."""
    clocks = meters.clocks + ([("share", *meters.share)] if meters.share else [])
    if clocks:
        values = {
            "scopes": [scope for scope, _, _ in clocks],
            "keys": [key for _, key, _ in clocks],
            "slots": [meter.next_slot for _, _, meter in clocks],
        }
        sql.execute(_STORE, values)


def _share_key(facts: Facts) -> str:
    return f"{facts.account_id}:{facts.tenant_id}"


def _lock(sql: "psycopg.Cursor[Any]", rows: list[tuple[str, str]]) -> dict[str, datetime]:
    values = {"scopes": [scope for scope, _ in rows], "keys": [key for _, key in rows]}
    found = dict(sql.execute(_LOCK, values).fetchall())
    if len(found) < len(rows):
        sql.execute(_MAKE, values)
        found = dict(sql.execute(_LOCK, values).fetchall())
    return found


def _room(sql: "psycopg.Cursor[Any]", facts: Facts, values: dict[str, int], tenants: int) -> int:
    row = sql.execute(_IN_FLIGHT, values).fetchone()
    on_channel, on_account, of_tenant, provider_left = row or (0, 0, 0, None)
    room = NO_LIMIT
    if provider_left is not None:
        # Answers are mirrored before their rows are settled: nothing is counted in neither.
        room = provider_left - settings.PROVIDER_QUOTA_RESERVE - on_account
    if facts.channel_in_flight is not None:
        room = min(room, facts.channel_in_flight - on_channel)
    if facts.account_in_flight is not None:
        fair = -(-facts.account_in_flight // tenants)
        room = min(room, facts.account_in_flight - on_account, fair - of_tenant)
    return max(room, 0)


def _one(sql: "psycopg.Cursor[Any]", query: str, values: dict[str, int]) -> int:
    row = sql.execute(query, values).fetchone()
    return int(row[0]) if row else 0
