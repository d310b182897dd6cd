"""What Zalo reports of Mini Apps: kept once each, so that a replay finds nothing to do."""

from collections.abc import Sequence
from datetime import UTC, datetime

import redis
import structlog
from celery import current_app
from kombu.exceptions import OperationalError

from messaging.models import MiniAppEvent
from providers.contract import Event, EventKind
from tenants import clock
from tenants.data_keys import ContentKey, content_key

CARRY_OUT = "messaging.carry_out_withdrawals"
_KINDS = {
    EventKind.WITHDRAWN: MiniAppEvent.Kind.WITHDRAWN,
    EventKind.VERSION_REVIEWED: MiniAppEvent.Kind.VERSION_REVIEWED,
}
log = structlog.get_logger(__name__)


def keep_events(tenant_id: int | None, account_id: int, body: bytes, events: Sequence[Event]) -> None:
    """Keep events that came to the account's address, sealed, and ask for what must be done about them.

    One whose key the account had before changes nothing. A ring that is lost is repaired by the upkeep.
    """
    key = content_key(tenant_id, datetime.now(UTC).date())
    rows = [_row(tenant_id, account_id, body, event, key) for event in events]
    MiniAppEvent.objects.bulk_create(rows, ignore_conflicts=True)
    if any(row.kind == MiniAppEvent.Kind.WITHDRAWN for row in rows):
        _ring()


def bound(event_key: str) -> bytes:
    """Return what an event's sealed part is bound to."""
    return event_key.encode() + b"mini app event"


def _row(tenant_id: int | None, account_id: int, body: bytes, event: Event, key: ContentKey) -> MiniAppEvent:
    withdrawn = event.kind is EventKind.WITHDRAWN
    personal = event.person.encode() if withdrawn else body if event.kind not in _KINDS else b""
    return MiniAppEvent(
        tenant_id=tenant_id,
        account_id=account_id,
        key=event.key,
        kind=_KINDS.get(event.kind, MiniAppEvent.Kind.UNRECOGNISED),
        name=event.name[:64],
        mini_app_id=event.account_id,
        happened_at=event.at,
        received_at=clock.Now(),
        version_id=event.data.get("version_id"),
        approved=event.data.get("approved"),
        reason=str(event.data.get("reason", ""))[:500],
        sealed=key.seal(personal, bound(event.key)) if personal else b"",
        data_key_id=key.id,
        applied_at=None if withdrawn else clock.Now(),
    )


def _ring() -> None:
    try:
        current_app.send_task(CARRY_OUT, retry=False, expires=60)
    except (redis.RedisError, OperationalError, OSError) as error:
        log.warning("bell.lost", error=type(error).__name__)
