"""Warnings about quotas: once each at 80 and at 100 percent of a period, raised by the claim that gets there."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Final, Protocol

from django.db import connection

from messaging.models import Template
from tenants import alerts, clock
from tenants.models import Alert, OfficialAccount, Quota, QuotaUsage

LEVELS: Final = (100, 80)


class Used(Protocol):
    """A quota in its present period, whose usage row the caller has locked."""

    id: int
    limit: int
    used: int
    warned: int
    starts: date
    resets: datetime


def level(limit: int, used: int) -> int:
    """Return the warning that this much of a limit asks for: 100, 80 or 0."""
    return next((percent for percent in LEVELS if used * 100 >= limit * percent), 0)


def warn(limits: Sequence[Used]) -> None:
    """Raise what has come to a level that was not warned of yet, in the caller's transaction."""
    for limit in limits:
        percent = level(limit.limit, limit.used)
        if percent <= limit.warned:
            continue
        limit.warned = percent
        QuotaUsage.objects.filter(quota=limit.id, starts_on=limit.starts).update(warned=percent)
        quota = Quota.objects.select_related("channel", "tenant").get(pk=limit.id)
        alerts.raise_alert(
            quota.tenant_id,
            Alert.Kind.QUOTA,
            alerts.quota_key(quota.pk, limit.starts, percent),
            about=about(quota),
            level=Alert.Level.ERROR if percent == LEVELS[0] else Alert.Level.WARNING,
            body=_body(quota, limit),
            detail={"percent": percent, "limit": limit.limit, "used": limit.used, "resetsAt": limit.resets.isoformat()},
        )


def about(quota: Quota) -> str:
    """Return what the quota is of, by name."""
    if quota.channel is not None:
        return quota.channel.name
    if quota.template_id is not None:
        return Template.objects.filter(pk=quota.template_id).values_list("name", flat=True).first() or "?"
    return quota.tenant.name


def _body(quota: Quota, limit: Used) -> str:
    return (
        f"{limit.used} of {limit.limit} messages a {quota.period} are used; it resets at {limit.resets.isoformat()}. "
        f"At the limit: {quota.get_on_limit_display()}."
    )


def warn_of_provider_quota(account_id: int, tenant_id: int, resets: datetime) -> None:
    """Tell that nothing more leaves over the provider's account today, in the caller's transaction."""
    account = OfficialAccount.objects.select_related("account").get(pk=account_id)
    alerts.raise_alert(
        account.account.tenant_id or tenant_id,
        Alert.Kind.PROVIDER_QUOTA,
        alerts.provider_quota_key(account_id),
        about=account.account.name,
        body=f"Messages wait until {resets.isoformat()}, or go over the next step of their routes.",
        detail={"limit": account.daily_quota or 0, "resetsAt": resets.isoformat()},
    )


def end_what_is_over() -> int:
    """End the alerts of periods that are over; return how many there were."""
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE tenants_alert SET ended_at = gateway_now() WHERE ended_at IS NULL AND kind = ANY(%s) "
            "AND (detail->>'resetsAt')::timestamptz <= %s",
            ([Alert.Kind.QUOTA.value, Alert.Kind.PROVIDER_QUOTA.value], clock.now()),
        )
        return int(cursor.rowcount)
