"""What an official account may still send today, as its provider tells it."""

from datetime import datetime
from typing import NamedTuple

from django.db.models import Q

from messaging.questions import CannotAsk, ask
from providers.contract import Question
from tenants import clock
from tenants.models import Account, Channel, OfficialAccount


class OaQuota(NamedTuple):
    """Figures of today and when the provider told them; None where it has not."""

    oa_id: str
    daily: int | None
    remaining: int | None
    read_at: datetime | None


def oa_quota(tenant_id: int, oa_id: str, *, test: bool) -> OaQuota | None:
    """Return the quota of one of the tenant's official accounts, None where it has no such account.

    The provider is asked; where it does not answer the last known figures are returned with their time. A test asks
    the sandbox only. Not to be called within a transaction.
    """
    row = _account(tenant_id, oa_id)
    if row is None:
        return None
    asked = not test or row.account.environment == Account.Environment.SANDBOX
    channel_id = Channel.objects.filter(tenant_id=tenant_id, account=row.account).values_list("id", flat=True).first()
    if asked and channel_id is not None:
        _mirror(row, channel_id)
    return OaQuota(row.oa_id, row.daily_quota, row.remaining_quota, row.quota_at)


def read_quota(official_account_id: int) -> int | None:
    """Ask the provider what the official account may still send today, write it down and return it; None where it does
    not tell. Not to be called within a transaction."""
    row = OfficialAccount.objects.get(pk=official_account_id)
    active = Channel.objects.filter(account_id=row.pk).order_by("pk").values_list("id", flat=True).first()
    if active is not None:
        _mirror(row, active)
    return row.remaining_quota


def _account(tenant_id: int, oa_id: str) -> OfficialAccount | None:
    mine = Q(account__tenant_id=tenant_id) | Q(account__tenant=None, account__lent_to=tenant_id)
    rows = OfficialAccount.objects.select_related("account").filter(mine, oa_id=oa_id)
    return rows.order_by("pk").first()


def _mirror(row: OfficialAccount, channel_id: int) -> None:
    """Write down what the provider tells now; nothing where it does not tell."""
    try:
        answer = ask(channel_id, Question(kind="quota"))
    except CannotAsk:
        return
    if not answer.ok:
        return
    quota = answer.data["quota"]
    row.daily_quota, row.remaining_quota, row.quota_at = quota.daily, quota.remaining, clock.now()
    OfficialAccount.objects.filter(pk=row.pk).update(
        daily_quota=row.daily_quota, remaining_quota=row.remaining_quota, quota_at=row.quota_at
    )
