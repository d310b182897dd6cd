"""All that a claim decides by, read fresh in one query: a change in the admin or the API holds from the next claim."""

from collections.abc import Sequence
from datetime import datetime, time
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import msgspec
import psycopg
from django.conf import settings

from messaging.policies.binding import Quiet, binding_windows
from messaging.policies.pace import Pace, TimeUnit
from messaging.policies.windows import Window
from messaging.sql import read_json
from messaging.states import MessageClass


class Facts(msgspec.Struct, frozen=True, kw_only=True):
    """A lane with its bulk, channel, account and tenant, as they are at `now` (aware)."""

    lane_id: int
    now: datetime
    tenant_id: int
    channel_id: int
    message_class: int
    test: bool
    bulk_id: UUID | None
    next_at: datetime
    hold_reason: str
    stopped: bool
    kind: str
    night_rules: bool
    channel_rate: Pace | None
    channel_in_flight: int | None
    account_id: int
    shared: bool
    account_rate: Pace | None
    account_in_flight: int | None
    zone: ZoneInfo
    quiet_from: time | None
    quiet_until: time | None
    quiet_for_otp: bool
    bulk_state: str | None
    bulk_reason: str | None
    bulk_detail: dict[str, Any] | None
    window: dict[str, Any] | None
    speed: Pace | None
    has_quota: bool
    has_marks: bool
    promotions_a_day: int | None
    promotions_a_month: int | None
    provider_left: int | None

    @property
    def windows(self) -> list[Window]:
        """Return every window that binds the lane."""
        quiet = Quiet(self.zone, self.quiet_from, self.quiet_until, self.quiet_for_otp)
        return binding_windows(
            self.window, quiet, kind=self.kind, message_class=self.message_class, night_rules=self.night_rules
        )

    @property
    def capped(self) -> bool:
        """Return whether persons have a cap for messages of this lane."""
        limited = self.promotions_a_day is not None or self.promotions_a_month is not None
        return limited and not self.test and self.message_class == MessageClass.PROMOTIONAL

    @property
    def near_provider_limit(self) -> bool:
        """Return whether calls in flight could use up what the provider still allows today."""
        return self.provider_left is not None and self.provider_left < NEAR_LIMIT

    @property
    def metered(self) -> bool:
        """Return whether a pace, a limit of calls at once or what the provider still allows binds the lane."""
        limits = (self.channel_rate, self.channel_in_flight, self.account_rate, self.account_in_flight)
        limited = self.near_provider_limit or any(limit is not None for limit in limits)
        return self.speed is not None or (not self.test and limited)


# More than ever are in flight at once: beyond it a claim need not count what others have taken.
NEAR_LIMIT = 20_000
# What the provider told today; yesterday's figure says nothing. Its day is that of Viet Nam (zalo-zns-oa.md section 9).
PROVIDER_LEFT = """
(SELECT oa.remaining_quota FROM tenants_officialaccount oa WHERE oa.account_id = {account}
 AND (oa.quota_at AT TIME ZONE 'Asia/Ho_Chi_Minh')::date = (gateway_now() AT TIME ZONE 'Asia/Ho_Chi_Minh')::date)
"""
_FACTS = f"""
SELECT gateway_now(), lane.tenant_id, lane.channel_id, lane.message_class, lane.test, lane.bulk_id, lane.next_at,
       lane.hold_reason, channel.state <> 'active' AND NOT (lane.test AND channel.probe_at IS NOT NULL),
       channel.kind, channel.night_rules, channel.rate_amount,
       channel.rate_unit, channel.max_in_flight, account.id, account.tenant_id IS NULL, account.rate_amount,
       account.rate_unit, account.max_in_flight, tenant.time_zone, tenant.quiet_from, tenant.quiet_until,
       tenant.quiet_for_otp, bulk.state, bulk.window, bulk.speed_amount, bulk.speed_unit,
       NOT lane.test AND EXISTS (SELECT FROM tenants_quota q WHERE q.tenant_id = lane.tenant_id),
       NOT lane.test AND EXISTS (SELECT FROM recipient_mark r WHERE r.tenant_id = lane.tenant_id),
       tenant.promotions_a_day, tenant.promotions_a_month, bulk.state_reason, bulk.state_detail,
       CASE WHEN NOT lane.test THEN {PROVIDER_LEFT.format(account="account.id")} END, lane.id
FROM {{lane}}
JOIN tenants_channel channel ON channel.id = lane.channel_id
JOIN tenants_account account ON account.id = channel.account_id
JOIN tenants_tenant tenant ON tenant.id = lane.tenant_id
LEFT JOIN bulk ON bulk.id = lane.bulk_id
"""
_OF_LANE = _FACTS.format(lane="lane") + "WHERE lane.id = %s"
# A shared lane that may not be there yet.
_OF_CHANNEL = _FACTS.format(
    lane="""(
    SELECT COALESCE(real.id, 0) AS id, c.tenant_id, c.id AS channel_id, %(class)s::smallint AS message_class,
           %(test)s::boolean AS test, NULL::uuid AS bulk_id, '2000-01-01Z'::timestamptz AS next_at, '' AS hold_reason
    FROM tenants_channel c
    LEFT JOIN lane real ON real.tenant_id = c.tenant_id AND real.channel_id = c.id AND real.bulk_id IS NULL
         AND real.message_class = %(class)s::smallint AND real.test = %(test)s::boolean
    WHERE c.id = %(channel)s
) AS lane"""
)


def read_facts(sql: "psycopg.Cursor[Any]", lane_id: int) -> Facts | None:
    """Return the facts of a lane, or None where it is gone. Takes no lock."""
    row = sql.execute(_OF_LANE, (lane_id,)).fetchone()
    return _read(row) if row is not None else None


def facts_of(sql: "psycopg.Cursor[Any]", channel_id: int, message_class: int, test: bool) -> Facts | None:
    """Return the facts by which a claim of the channel's shared lane would decide, whether there is one or not (its id
    is 0 then); None where the channel is gone. Takes no lock and makes nothing."""
    row = sql.execute(_OF_CHANNEL, {"channel": channel_id, "class": message_class, "test": test}).fetchone()
    return _read(row) if row is not None else None


def _read(row: Sequence[Any]) -> Facts:
    return Facts(
        lane_id=row[-1],
        now=row[0],
        tenant_id=row[1],
        channel_id=row[2],
        message_class=row[3],
        test=row[4],
        bulk_id=row[5],
        next_at=row[6],
        hold_reason=row[7],
        stopped=row[8],
        kind=row[9],
        night_rules=row[10],
        channel_rate=_pace(row[11], row[12]),
        channel_in_flight=row[13],
        account_id=row[14],
        shared=row[15],
        account_rate=_pace(row[16], row[17]),
        account_in_flight=row[18],
        zone=ZoneInfo(row[19]),
        quiet_from=row[20],
        quiet_until=row[21],
        quiet_for_otp=row[22],
        bulk_state=row[23],
        window=read_json(row[24]),
        speed=_pace(row[25], row[26]),
        has_quota=row[27],
        has_marks=row[28],
        promotions_a_day=row[29],
        promotions_a_month=row[30],
        bulk_reason=row[31],
        bulk_detail=read_json(row[32]),
        provider_left=None if row[33] is None else max(row[33] - settings.PROVIDER_QUOTA_RESERVE, 0),
    )


def _pace(amount: int | None, unit: str | None) -> Pace | None:
    return Pace(amount, TimeUnit(unit)) if amount and unit else None
