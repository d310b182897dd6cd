"""Sets and clears quotas; messages that an older limit held are looked at again at once."""

from zoneinfo import ZoneInfo

from django.db import transaction
from django.utils.translation import gettext as _

from messaging.dispatch.waking import wake_lanes, wake_messages
from messaging.models import Template
from messaging.policies.periods import Period, resets_at
from messaging.quotas.warnings import LEVELS, level
from tenants import alerts, clock
from tenants.models import Channel, Quota, QuotaUsage, Tenant

HELD_BY_QUOTA = ("QUOTA_EXCEEDED",)


class QuotaRefused(ValueError):
    """This quota cannot be; the text says why."""


def channel_named(tenant: Tenant, name: str) -> Channel:
    """Return a channel of the tenant by its id or its name. Raises QuotaRefused."""
    rows = Channel.objects.filter(tenant=tenant)
    found = rows.filter(pk=int(name)).first() if name.isdecimal() and len(name) < 19 else None
    found = found or rows.filter(name=name).first()
    if found is None:
        raise QuotaRefused(_("%(tenant)s has no channel %(name)s.") % {"tenant": tenant.slug, "name": name})
    return found


def template_named(tenant: Tenant, name: str) -> Template:
    """Return a template of the tenant by the id that clients send, or by its row's. Raises QuotaRefused."""
    rows = Template.objects.filter(tenant=tenant)
    found = rows.filter(code=name).first()
    if found is None and name.isdecimal() and len(name) < 19:
        found = rows.filter(pk=int(name)).first()
    if found is None:
        raise QuotaRefused(_("%(tenant)s has no template %(name)s.") % {"tenant": tenant.slug, "name": name})
    return found


@transaction.atomic
def set_quota(
    tenant: Tenant,
    limit: int,
    *,
    period: str = Quota.Period.DAY,
    on_limit: str = Quota.OnLimit.HOLD,
    channel: Channel | None = None,
    template: Template | None = None,
) -> Quota:
    """Set the quota of the tenant, of a channel or of a template, and return it; what is used already stays counted.

    A new quota counts from now. Raises QuotaRefused.
    """
    if channel is not None and template is not None:
        raise QuotaRefused(_("A quota is of a channel or of a template, not of both."))
    if on_limit == Quota.OnLimit.DIVERT and channel is None and template is None:
        raise QuotaRefused(_("A quota of the whole tenant cannot divert: name a channel or a template."))
    quota, _new = Quota.objects.update_or_create(
        tenant=tenant,
        channel=channel,
        template_id=template.pk if template else None,
        period=period,
        defaults={"limit": limit, "on_limit": on_limit},
    )
    quota_changed(quota)
    return quota


@transaction.atomic
def clear_quotas(
    tenant: Tenant,
    *,
    period: str | None = None,
    channel: Channel | None = None,
    template: Template | None = None,
) -> int:
    """Remove the quotas of the tenant itself, of the channel or of the template, of one period or of both; return how
    many there were."""
    rows = Quota.objects.filter(tenant=tenant, channel=channel, template_id=template.pk if template else None)
    found = list(rows.filter(period=period) if period else rows)
    for quota in found:
        remove_quota(quota)
    return len(found)


@transaction.atomic
def remove_quota(quota: Quota) -> None:
    """Remove a quota with its usage and its warnings; what it held goes on at once."""
    alerts.end_alerts(f"quota:{quota.pk}:")
    template_id = quota.template_id
    quota.delete()
    _wake(quota.tenant, template_id)


def quota_changed(quota: Quota) -> None:
    """Let a new or changed quota hold at once; within the transaction that wrote it."""
    _forget_warnings(quota)
    _wake(quota.tenant, quota.template_id)


def _forget_warnings(quota: Quota) -> None:
    """Take back what was warned of and is no longer so: it is warned of again when it comes."""
    for usage in QuotaUsage.objects.select_for_update().filter(quota=quota):
        reached = level(quota.limit, usage.used)
        if usage.warned > reached:
            usage.warned = reached
            usage.save(update_fields=["warned"])
            for percent in LEVELS:
                if percent > reached:
                    alerts.end_alert(alerts.quota_key(quota.pk, usage.starts_on, percent))


def _wake(tenant: Tenant, template_id: int | None) -> None:
    """Let what older limits held be looked at again: the lanes, and the messages that a template's quota put off."""
    if template_id is not None:
        now, zone = clock.now(), ZoneInfo(tenant.time_zone)
        wake_messages(tenant.pk, template_id, [resets_at(period, now, zone) for period in Period])
    wake_lanes(HELD_BY_QUOTA, tenant_id=tenant.pk)
