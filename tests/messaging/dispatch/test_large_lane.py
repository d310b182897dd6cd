"""A claim of a lane that holds nearly all that waits reads what it takes, by plans that were made for any limit too."""

from datetime import timedelta

import pytest
from django.db import connection

from messaging.dispatch.claiming import claim
from messaging.lanes import lane_for
from messaging.states import MessageClass
from tenants.models import Channel
from tests.factories import sending_tenant
from tests.messaging.plans import Plans, watched

WAITING, TAKEN = 300_000, 250
# Found, locked and written, with a row more in each index: some nine pages a message.
MOST_PAGES = 4_000
_FILL = """
INSERT INTO due (message_id, tenant_id, lane_id, message_class, phase, due_at, expires_at, attempt, tries, leg)
SELECT ('00000000-0000-7000-8000-' || lpad(to_hex(n), 12, '0'))::uuid, %s, %s, %s, 0,
       gateway_now() - interval '1 hour' + n * interval '1 ms', gateway_now() + interval '9 days', 0, 0, 1
FROM generate_series(1, %s) AS n
"""


def plans_of_a_claim(mode: str) -> Plans:
    tenant = sending_tenant("large", message_class=MessageClass.TRANSACTIONAL)
    channel = Channel.objects.get(tenant=tenant)
    lane = lane_for(tenant.pk, channel.pk, MessageClass.TRANSACTIONAL, False)
    with connection.cursor() as sql:
        sql.execute(_FILL, (tenant.pk, lane, MessageClass.TRANSACTIONAL, WAITING))
        sql.execute("ANALYZE due")
        sql.execute(f"SET LOCAL plan_cache_mode = {mode}")
    with watched() as plans:
        found = claim(lane, TAKEN, timedelta(seconds=15))
    assert found is not None
    assert len(found.messages) == TAKEN
    return plans


@pytest.mark.django_db
@pytest.mark.parametrize("mode", ["force_custom_plan", "force_generic_plan"])
def test_a_claim_reads_only_what_it_takes(mode: str):
    plans = plans_of_a_claim(mode)
    assert "due" not in plans.read_whole
    assert plans.buffers <= MOST_PAGES
