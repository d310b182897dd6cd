"""Millions of messages that wait, as the claim sees them: rows of the due table."""

from uuid import UUID

from django.utils import timezone

from benchmarks.field import Field
from messaging.lanes import lane_for
from messaging.models import Bulk
from messaging.sql import cursor
from messaging.states import MessageClass
from tenants.models import Tenant

STEP = 500_000
# Half of them are due and half leave in the coming month. No dispatcher takes them: their lane is held.
_FILL = """
INSERT INTO due (message_id, tenant_id, lane_id, message_class, phase, due_at, expires_at, attempt, tries, leg)
SELECT ('00000000-0000-7000-8000-' || lpad(to_hex(n), 12, '0'))::uuid,
       %(tenant)s::bigint, %(lane)s::bigint, %(class)s::smallint, 0,
       gateway_now() + CASE WHEN n %% 2 = 0 THEN -interval '1 day' ELSE interval '1 day' + n * interval '0.25 s' END,
       gateway_now() + interval '180 days', 0, 0, 1
FROM generate_series(%(first)s::bigint, %(last)s::bigint) AS n
"""
HELD = "UPDATE lane SET next_at = '2100-01-01Z', hold_reason = 'benchmark' WHERE id = %s"


class Waiting:
    """A held lane of the demo tenant; `grow` fills it."""

    def __init__(self, field: Field) -> None:
        self._tenant = Tenant.objects.get(slug=field.info["tenant"]).pk
        bulk = Bulk.objects.create(
            id=UUID("00000000-0000-7000-8000-ffffffffffff"), tenant_id=self._tenant, total=0,
            first_id=UUID(int=0), last_id=UUID(int=0), created_at=timezone.now(),
        )  # fmt: skip
        channel = field.channel
        self.lane = lane_for(self._tenant, channel, MessageClass.TRANSACTIONAL, False, bulk.id)
        self.count = 0
        with cursor() as sql:
            sql.execute(HELD, (self.lane,))

    def grow(self, count: int) -> None:
        """Make it `count` rows in all, as tidy as autovacuum would keep them."""
        with cursor() as sql:
            while self.count < count:
                last = min(count, self.count + STEP)
                values = {"first": self.count + 1, "last": last, "lane": self.lane, "tenant": self._tenant}
                sql.execute(_FILL, values | {"class": int(MessageClass.TRANSACTIONAL)})
                self.count = last
            sql.execute("VACUUM (ANALYZE) due")
            sql.execute("CHECKPOINT")
