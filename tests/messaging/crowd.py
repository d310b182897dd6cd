"""A crowd of messages for tests of what queries cost: as many as asked for wait, and a few need something now."""

from datetime import timedelta
from uuid import UUID

import psycopg
from django.db import connection

from messaging.ids import leg_id, lowest_id
from messaging.lanes import lane_for
from messaging.models import Bulk
from messaging.partitions import make_partitions, monday
from messaging.sql import cursor
from messaging.states import MessageClass
from tenants.clock import now
from tenants.models import Channel, Tenant
from tests.factories import sending_tenant

CLASS = MessageClass.TRANSACTIONAL
BULKS, OF_A_BULK = 7, 1000
# Of the first so many messages each group needs something: under way, over their deadline, expired, receipt here.
GROUP = 400
_IDS = """
CREATE TEMPORARY TABLE crowd AS
SELECT n, ((lpad(to_hex(%(start)s + n * 3000), 12, '0') || '70008000' || lpad(to_hex(n), 8, '0') || '0080')::uuid) AS id
FROM generate_series(%(first)s::bigint, %(last)s::bigint) AS n
"""
# A third is due, a third is scheduled, a third waits for receipts; the first lane holds nothing but what is scheduled.
_DUE = """
INSERT INTO due (message_id, tenant_id, lane_id, message_class, phase, due_at, expires_at, attempt, tries, leg)
SELECT id, %(tenant)s, (%(lanes)s::bigint[])[CASE WHEN n > 4 * %(group)s AND n %% 6 = 1 THEN 1 ELSE 2 + n %% 7 END],
       %(class)s, CASE WHEN n <= %(group)s THEN 1 WHEN n <= 2 * %(group)s THEN 2 WHEN n <= 3 * %(group)s THEN 0
                       WHEN n <= 4 * %(group)s OR n %% 3 = 2 THEN 2 ELSE 0 END,
       clock_timestamp() + CASE
           WHEN n <= %(group)s THEN interval '15 s'
           WHEN n <= 3 * %(group)s OR n > 4 * %(group)s AND n %% 3 = 0 THEN interval '-1 hour' + n * interval '1 ms'
           ELSE interval '1 day' + n * interval '1 s' END,
       clock_timestamp() + CASE WHEN n > 2 * %(group)s AND n <= 3 * %(group)s THEN interval '-1 minute'
                                ELSE interval '9 days' + n * interval '1 s' END,
       1, 0, 1
FROM crowd
"""
_MESSAGES = """
INSERT INTO message (id, tenant_id, bulk_id, message_class, state, route_id, template_id, recipient_hash, data_key_id,
                     client_id, reference, entity_id, accepted_at, expires_at, legs, events)
SELECT id, %(tenant)s, (%(bulks)s::uuid[])[1 + n / %(of_a_bulk)s %% 7], %(class)s, 2, %(route)s, %(template)s,
       decode(md5((n / 10)::text), 'hex'), 1, 'own-' || n, 'order-' || n / 10, 'entity-' || n / 100,
       clock_timestamp(), clock_timestamp() + interval '9 days', 1, 2
FROM crowd WHERE n <= %(messages)s
"""
_REST = (
    # What bulks that are through have left behind.
    """INSERT INTO bulk (id, tenant_id, total, first_id, last_id, created_at, counted)
       SELECT id, %(tenant)s, 1, id, id, clock_timestamp(), true FROM crowd WHERE n %% 20 = 0""",
    """INSERT INTO lane (tenant_id, channel_id, message_class, test, bulk_id, next_at, hold_reason)
       SELECT %(tenant)s, %(channel)s, %(class)s, false, id, clock_timestamp(), '' FROM crowd WHERE n %% 20 = 0""",
    """INSERT INTO leg (message_id, n, tenant_id, channel_id, state, attempts)
       SELECT id, 1, %(tenant)s, %(channel)s, 2, 1 FROM crowd WHERE n <= %(messages)s""",
    """INSERT INTO event (message_id, n, tenant_id, at, type)
       SELECT id, line, %(tenant)s, clock_timestamp(), 'sent' FROM crowd, generate_series(1, 2) AS line
       WHERE n <= %(messages)s""",
    """INSERT INTO client_message (tenant_id, client_id, message_id)
       SELECT %(tenant)s, 'own-' || n, id FROM crowd WHERE n <= %(messages)s""",
    """INSERT INTO provider_message (account_id, provider_message_id, message_id, leg, created_at)
       SELECT %(account)s, 'theirs-' || n, id, 1, clock_timestamp() FROM crowd WHERE n <= %(messages)s""",
    """INSERT INTO receipt (id, tenant_id, source, account, kind, message_class, leg_id, provider_message_id,
                            happened_at, received_at, state, body, data_key_id, account_id)
       SELECT id, %(tenant)s, 'zalo', '1', 'delivered', %(class)s,
              CASE WHEN n %% 2 = 0 THEN left(replace(id::text, '-', ''), 31) || '1' ELSE '' END, 'theirs-' || n,
              clock_timestamp(), clock_timestamp(),
              CASE WHEN n > 3 * %(group)s AND n <= 4 * %(group)s THEN 0 WHEN n <= 30 THEN 4 ELSE 1 END, '', 1,
              %(account)s
       FROM crowd WHERE n <= %(messages)s""",
)
_TABLES = "due, message, leg, event, receipt, client_message, provider_message, lane, bulk"


class Crowd:
    """One tenant with eight lanes; `grow` makes it `count` that wait, half of them with messages, legs and receipts."""

    def __init__(self) -> None:
        self.tenant: Tenant = sending_tenant("crowd", message_class=CLASS)
        self.channel = Channel.objects.get(tenant=self.tenant)
        with connection.cursor() as sql:
            make_partitions(sql, now())
        self._start = int((monday(now()) - timedelta(days=3)).timestamp() * 1000)
        self.bulks = [self._bulk(n) for n in range(BULKS)]
        owners = [None, *(bulk.id for bulk in self.bulks)]
        self.lanes = [lane_for(self.tenant.pk, self.channel.pk, CLASS, False, owner) for owner in owners]
        self.count = 0

    def id(self, n: int) -> UUID:
        """Return the id of the nth message, from 1."""
        return UUID(f"{self._start + n * 3000:012x}70008000{n:08x}0080")

    def leg(self, n: int) -> str:
        """Return the id of the first leg of the nth message."""
        return leg_id(self.id(n), 1)

    def grow(self, count: int) -> None:
        """Make it `count` in all; the planner's figures are up to date."""
        values = {
            "start": self._start, "first": self.count + 1, "last": count, "messages": count // 2, "group": GROUP,
            "tenant": self.tenant.pk, "channel": self.channel.pk, "account": self.channel.account_id,
            "lanes": self.lanes, "bulks": [bulk.id for bulk in self.bulks], "of_a_bulk": OF_A_BULK, "class": CLASS,
            "route": self.tenant.routes.get().pk, "template": self.tenant.templates.get().pk,
        }  # fmt: skip
        with cursor() as plain, psycopg.ClientCursor(plain.connection) as sql:
            for statement in (_IDS, _DUE, _MESSAGES, *_REST):
                sql.execute(statement, values)
            sql.execute("DROP TABLE crowd")
            sql.execute(f"ANALYZE {_TABLES}")
        self.count = count

    def _bulk(self, n: int) -> Bulk:
        first = UUID(int=lowest_id(now()).int + n)
        return Bulk.objects.create(
            id=first, tenant=self.tenant, total=OF_A_BULK, created_at=now(), counted=True,
            first_id=self.id(n * OF_A_BULK), last_id=self.id((n + 1) * OF_A_BULK - 1),
        )  # fmt: skip
