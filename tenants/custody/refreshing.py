"""Renewing tokens: one refresher per official account over all processes, and no lock held while Zalo is asked.

A short transaction takes a lease, the call runs outside, a second short transaction commits the pair before anyone uses
it. The pair is kept if the stored refresh token is still the one that was sent: then no later pair can exist. If the
process dies in between, the lease ends by itself and the next refresher finds out whether the token was used up.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID, uuid4

import structlog
from django.db import transaction

from providers.zalo.oauth import Fault, Rejected, TokenAnswer, Tokens
from tenants import clock, runtime
from tenants.custody.errors import ReconnectNeeded, RefreshFailed, RefreshInProgress
from tenants.custody.keeping import locked, need_reconnect, put_tokens, save
from tenants.custody.wire import TIMEOUT_S, renew, wording
from tenants.models import OfficialAccount, Reason, ZaloApp

LEASE: Final = timedelta(seconds=2 * TIMEOUT_S + 10)
FIRST_WAIT_S: Final = 5
LONGEST_WAIT_S: Final = 600
log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class _Lease:
    """What one refresher took: who it is, what it may send, and whether an earlier one never came back."""

    account_id: int
    owner: UUID
    app: ZaloApp
    refresh_token: str
    stale: str
    refused: bool
    taken_at: datetime
    inherited: bool

    def __repr__(self) -> str:
        return f"<lease on {self.account_id}>"


def access_token(official_account_id: int) -> str:
    """Return an access token that works now, renewing one that has ended.

    Raises ReconnectNeeded, RefreshInProgress, RefreshFailed, or OfficialAccount.DoesNotExist.
    """
    row = OfficialAccount.objects.select_related("account").get(pk=official_account_id)
    if row.works_at(clock.now()):
        return row.access_token
    return refresh(official_account_id, row.access_token, refused=False)


def refresh(official_account_id: int, stale: str, *, refused: bool = True) -> str:
    """Return an access token other than `stale`, asking Zalo only if `stale` is still the stored one.

    `refused` says that Zalo no longer takes `stale`; without it a failed renewal leaves it in use until its end. Not to
    be called within a transaction. Raises RefreshInProgress (another process is at it), ReconnectNeeded, RefreshFailed
    (passing), or OfficialAccount.DoesNotExist.
    """
    lease = _take(official_account_id, stale, refused)
    if isinstance(lease, str):
        runtime.forget_account(official_account_id)
        return lease
    if isinstance(lease, Exception):
        raise lease
    answer, lost = renew(lease.app, lease.refresh_token, lease.taken_at)
    settled = _settle(lease, answer, lost or lease.inherited)
    if isinstance(settled, Exception):
        raise settled
    return settled


def _take(official_account_id: int, stale: str, refused: bool) -> _Lease | str | Exception:
    with transaction.atomic(durable=True):
        row = locked(official_account_id)
        now = clock.now()
        current = row.access_token
        if current != stale and row.works_at(now):
            return current
        if not row.can_renew():
            return _hopeless(row, now if refused and current == stale else None)
        if row.refresh_lease_until and row.refresh_lease_until > now:
            return RefreshInProgress(min((row.refresh_lease_until - now).total_seconds(), 1.0))
        if row.refresh_failures and row.refresh_at and row.refresh_at > now:
            return RefreshFailed(row.status_reason, (row.refresh_at - now).total_seconds())
        inherited = row.refresh_lease is not None
        row.refresh_lease, row.refresh_lease_until = uuid4(), now + LEASE
        row.save(update_fields=["refresh_lease", "refresh_lease_until"])
        return _Lease(row.pk, row.refresh_lease, row.app, row.refresh_token, stale, refused, now, inherited)


def _hopeless(row: OfficialAccount, ended_at: datetime | None) -> ReconnectNeeded:
    """Return the error for a row without a usable refresh token; note it where the access token is over too."""
    if row.status != OfficialAccount.Status.NOT_CONNECTED and ended_at is not None:
        code = Reason(row.status_code) if row.status == OfficialAccount.Status.RECONNECT else Reason.ENDED
        need_reconnect(row, code, row.status_reason, ended_at)
        save(row)
    return ReconnectNeeded(row.why() or "the official account is not connected")


def _settle(lease: _Lease, answer: TokenAnswer, lost: bool) -> str | Exception:
    with transaction.atomic(durable=True):
        row = locked(lease.account_id)
        now = clock.now()
        if row.refresh_token != lease.refresh_token:
            return _overtaken(row, lease, now)
        if isinstance(answer, Tokens):
            _put(row, answer, now)
            log.info("oa_tokens_renewed", official_account=row.pk)
            return answer.access_token
        if row.refresh_lease != lease.owner:
            return RefreshInProgress(1.0)
        if isinstance(answer, Rejected):
            return _refused(row, lease, answer, lost, now)
        row.refresh_lease = row.refresh_lease_until = None
        wait = min(FIRST_WAIT_S * 2**row.refresh_failures, LONGEST_WAIT_S)
        row.refresh_failures = min(row.refresh_failures + 1, 20)
        row.refresh_at = now + timedelta(seconds=wait)
        row.status_code, row.status_reason = Reason.FAILING, wording(answer)
        save(row)
        log.warning("oa_renewal_failed", official_account=row.pk, reason=wording(answer), retry_after=wait)
        return RefreshFailed(wording(answer), float(wait))


def _overtaken(row: OfficialAccount, lease: _Lease, now: datetime) -> str | Exception:
    """Return what another refresher or a person stored meanwhile; what we were told belongs to a pair of the past."""
    if row.refresh_lease == lease.owner:
        row.refresh_lease = row.refresh_lease_until = None
        save(row)
    current = row.access_token
    return current if current != lease.stale and row.works_at(now) else RefreshInProgress(1.0)


def _put(row: OfficialAccount, tokens: Tokens, now: datetime) -> None:
    life = timedelta(seconds=tokens.refresh_expires_in) if tokens.refresh_expires_in else None
    put_tokens(row, tokens.access_token, tokens.refresh_token, now, timedelta(seconds=tokens.expires_in), life)
    save(row)


def _refused(row: OfficialAccount, lease: _Lease, answer: Rejected, lost: bool, now: datetime) -> ReconnectNeeded:
    code = Reason.LOST if lost else Reason.REFUSED
    if answer.fault is Fault.CONFIGURATION:
        code = Reason.CONFIGURATION
    need_reconnect(row, code, wording(answer), now if lease.refused else None)
    save(row)
    log.error("oa_reconnect_needed", official_account=row.pk, code=code.value, zalo_error=answer.code)
    return ReconnectNeeded(row.why())
