"""How a pair of tokens is put into an official account's row."""

from datetime import datetime, timedelta
from typing import Final

from django.db import transaction

from tenants import runtime
from tenants.models import OfficialAccount, Reason

Status = OfficialAccount.Status

ACCESS_LIFE: Final = timedelta(hours=25)
REFRESH_LIFE: Final = timedelta(days=90)
# 20 of the 25 hours (zalo-zns-oa.md section 3.4).
REFRESH_AFTER: Final = 0.8

TOKEN_COLUMNS: Final = (
    "access_token_sealed",
    "refresh_token_sealed",
    "access_expires_at",
    "refresh_expires_at",
    "refreshed_at",
    "refresh_at",
    "refresh_failures",
    "refresh_lease",
    "refresh_lease_until",
    "status",
    "status_code",
    "status_reason",
)


def locked(official_account_id: int) -> OfficialAccount:
    """Return the row, locked until the transaction ends. Raises OfficialAccount.DoesNotExist."""
    rows = OfficialAccount.objects.select_for_update(of=("self",)).select_related("account", "app")
    return rows.get(pk=official_account_id)


def put_tokens(
    row: OfficialAccount,
    access_token: str,
    refresh_token: str,
    now: datetime,
    access_life: timedelta = ACCESS_LIFE,
    refresh_life: timedelta | None = None,
) -> None:
    """Set a new pair on the locked row and drop any lease on the old one (not saved).

    A missing refresh token leaves the stored one as it is.
    """
    row.access_token = access_token
    row.access_expires_at = now + access_life
    row.refreshed_at = now
    row.refresh_at = now + access_life * REFRESH_AFTER
    if refresh_token:
        row.refresh_token = refresh_token
        row.refresh_expires_at = now + (refresh_life or REFRESH_LIFE)
    row.refresh_failures = 0
    row.refresh_lease = row.refresh_lease_until = None
    row.status_reason = ""
    if row.refresh_token_sealed:
        row.status, row.status_code = Status.CONNECTED, ""
    else:
        row.status, row.status_code = Status.ENDS, Reason.NO_REFRESH_TOKEN


def need_reconnect(row: OfficialAccount, code: Reason, detail: str, ended_at: datetime | None) -> None:
    """Mark the locked row as one that a person must connect again (not saved).

    `ended_at` is given where the access token is known to be refused already; else it is used up to its end.
    """
    row.status, row.status_code, row.status_reason = Status.RECONNECT, code, detail
    row.refresh_lease = row.refresh_lease_until = None
    if ended_at is not None:
        row.access_expires_at = ended_at


def save(row: OfficialAccount) -> None:
    """Store the token columns, and only those: the configuration of the row may be under somebody's hands."""
    row.save(update_fields=TOKEN_COLUMNS)
    transaction.on_commit(lambda: runtime.forget_account(row.pk))
