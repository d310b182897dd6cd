import re
from datetime import UTC, datetime

import pytest

from messaging.ids import message_ids
from messaging.models import Lane, Receipt
from messaging.states import MessageClass
from tests.messaging.admin.conftest import sent

AT = datetime(2026, 11, 21, 9, tzinfo=UTC)


def receipt(tenant, state: Receipt.State, provider_message_id: str) -> Receipt:
    return Receipt.objects.create(
        id=message_ids(1, MessageClass.TRANSACTIONAL)[0],
        tenant_id=tenant.pk if tenant else None,
        source="zalo",
        account="5200",
        kind="delivered",
        message_class=2,
        leg_id="",
        provider_message_id=provider_message_id,
        happened_at=AT,
        received_at=AT,
        state=state,
        body=b"",
        data_key_id=1,
    )


def test_receipts_that_fit_nothing_are_seen(viewer, tenant):
    receipt(tenant, Receipt.State.UNMATCHED, "lost-one")
    receipt(tenant, Receipt.State.APPLIED, "found-one")

    page = viewer.get("/admin/messaging/receipt/?state__exact=2").content.decode()

    assert "lost-one" in page
    assert "found-one" not in page


def test_receipts_of_others_and_of_the_platform_are_not_a_tenants(viewer, tenant, other_tenant):
    receipt(other_tenant, Receipt.State.BROKEN, "theirs")
    receipt(None, Receipt.State.BROKEN, "the-platforms")

    page = viewer.get("/admin/messaging/receipt/").content.decode()

    assert "theirs" not in page
    assert "the-platforms" not in page


def test_a_lane_tells_what_waits_and_why(viewer, tenant):
    sent(tenant)
    Lane.objects.filter(tenant=tenant).update(hold_reason="The official account is not connected.")

    page = viewer.get("/admin/messaging/lane/?held=yes").content.decode()

    assert "The official account is not connected." in page
    assert re.search(r"field-shown_waiting[^>]*>\s*1\s*<", page)


@pytest.mark.parametrize("model", ["bulk", "receipt", "lane"])
def test_what_the_engine_writes_is_only_looked_at(platform, tenant, model):
    assert platform.get(f"/admin/messaging/{model}/").status_code == 200
    assert platform.get(f"/admin/messaging/{model}/add/").status_code == 403
