"""What Zalo reported of Mini Apps, as people read it."""

from datetime import UTC, datetime
from typing import Any

import pytest

from messaging.models import MiniAppEvent
from tests.factories import AccountFactory

AT = datetime(2026, 11, 21, 9, tzinfo=UTC)


def happened(tenant: Any, **what: Any) -> MiniAppEvent:
    account = AccountFactory.create(tenant=tenant, kind="mini_app", name=f"{tenant.slug}-mini")
    told: dict[str, Any] = {
        "kind": "version_reviewed", "name": "versions.review.done", "key": "k", "mini_app_id": "1200000000000000034",
        "happened_at": AT, "received_at": AT, "applied_at": AT, "data_key_id": 0,
    }  # fmt: skip
    return MiniAppEvent.objects.create(tenant=tenant, account=account, **(told | what))


@pytest.mark.parametrize(
    ("what", "words"),
    [
        ({"version_id": 7, "approved": True}, "Version 7 is approved."),
        ({"version_id": 7, "approved": False, "reason": "Thiếu mô tả"}, "Version 7 was rejected: Thiếu mô tả"),
        ({"kind": "withdrawn", "stopped": 2, "erased": 5}, "2 messages stopped, 5 erased;"),
    ],
)
def test_an_event_says_what_follows(viewer: Any, tenant: Any, what: dict[str, Any], words: str) -> None:
    row = happened(tenant, **what)
    assert words in viewer.get("/admin/messaging/miniappevent/").content.decode()
    assert words in viewer.get(f"/admin/messaging/miniappevent/{row.pk}/change/").content.decode()


def test_events_of_others_are_not_seen(viewer: Any, other_tenant: Any) -> None:
    row = happened(other_tenant, mini_app_id="1200000000000000099")
    assert "1200000000000000099" not in viewer.get("/admin/messaging/miniappevent/").content.decode()
    assert viewer.get(f"/admin/messaging/miniappevent/{row.pk}/change/").status_code == 302


def test_nobody_writes_or_deletes_an_event(platform: Any, tenant: Any) -> None:
    row = happened(tenant)
    assert platform.get("/admin/messaging/miniappevent/add/").status_code == 403
    assert platform.post(f"/admin/messaging/miniappevent/{row.pk}/delete/").status_code == 403
