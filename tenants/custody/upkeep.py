"""Renewal ahead of time, and the warning before a refresh token dies."""

import time
from datetime import datetime, timedelta
from typing import Final, NamedTuple

import structlog
from django.db.models import Q

from tenants import clock
from tenants.custody.errors import ReconnectNeeded, RefreshFailed, RefreshInProgress
from tenants.custody.refreshing import refresh
from tenants.models import OfficialAccount

WARNING: Final = timedelta(days=14)
Status = OfficialAccount.Status
log = structlog.get_logger(__name__)


class Upkeep(NamedTuple):
    """How many official accounts were renewed, failed for now, need a person, or will need one within 14 days."""

    renewed: int
    failed: int
    reconnect: int
    expiring: int


def due_for_refresh() -> list[int]:
    """Return the ids of the official accounts whose next renewal has come (after 20 of 25 hours), longest due first."""
    waiting = OfficialAccount.objects.filter(refresh_at__lte=clock.Now()).exclude(refresh_token_sealed=b"")
    usable = waiting.filter(status__in=[Status.CONNECTED, Status.ENDS])
    idle = Q(refresh_lease_until=None) | Q(refresh_lease_until__lte=clock.Now())
    return list(usable.filter(idle).order_by("refresh_at").values_list("pk", flat=True))


def refresh_due(seconds: float = 120.0) -> Upkeep:
    """Renew what is due, one after the other, starting none once `seconds` are over. Safe to run anywhere, any time."""
    ends = time.monotonic() + seconds
    renewed = failed = reconnect = 0
    for account_id in due_for_refresh():
        if time.monotonic() >= ends:
            break
        stale = OfficialAccount.objects.select_related("account").get(pk=account_id).access_token
        try:
            refresh(account_id, stale, refused=False)
            renewed += 1
        except (RefreshFailed, RefreshInProgress):
            failed += 1
        except ReconnectNeeded:
            reconnect += 1
    return Upkeep(renewed, failed, reconnect, _warn())


def refresh_token_ends_soon(row: OfficialAccount, now: datetime) -> bool:
    """Return whether the refresh token ends within 14 days: then renewing has not worked for long."""
    ends = row.refresh_expires_at
    return bool(row.refresh_token_sealed) and ends is not None and ends <= now + WARNING


def _warn() -> int:
    soon = OfficialAccount.objects.filter(refresh_expires_at__lte=clock.Now() + WARNING, status=Status.CONNECTED)
    rows = list(soon.exclude(refresh_token_sealed=b"").values_list("pk", "refresh_expires_at"))
    for account_id, ends in rows:
        log.warning("oa_refresh_token_ends_soon", official_account=account_id, ends=str(ends))
    return len(rows)
