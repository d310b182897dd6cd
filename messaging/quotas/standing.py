"""How quotas stand in their present period."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import NamedTuple
from zoneinfo import ZoneInfo

from messaging.models import Template
from messaging.policies.periods import Period, resets_at, starts_on
from tenants import clock
from tenants.models import Quota, QuotaUsage, Tenant


class Standing(NamedTuple):
    """One quota: of the tenant, or of the channel or template named (a template by the id that clients send)."""

    quota_id: int
    scope: str
    name: str
    period: str
    limit: int
    on_limit: str
    used: int
    resets_at: datetime

    @property
    def percent(self) -> int:
        """Return how much of the limit is used, rounded down; 100 where the limit is nothing."""
        return self.used * 100 // self.limit if self.limit else 100


def standings(tenant: Tenant) -> list[Standing]:
    """Return the tenant's quotas: its own first, then those of channels and templates."""
    rows = Quota.objects.filter(tenant=tenant).select_related("channel", "tenant").order_by("pk")
    order = ("tenant", "channel", "template")
    return sorted(stand(rows), key=lambda standing: (order.index(standing.scope), standing.name, standing.period))


def stand(quotas: Iterable[Quota]) -> list[Standing]:
    """Return how these quotas stand now, in their order; their tenants and channels are best read with them."""
    rows = list(quotas)
    now = clock.now()
    used = {(row.quota_id, row.starts_on): row.used for row in QuotaUsage.objects.filter(quota__in=rows)}
    codes = dict(
        Template.objects.filter(pk__in=[q.template_id for q in rows if q.template_id]).values_list("pk", "code")
    )
    return [_stand(quota, now, used.get((quota.pk, _starts(quota, now)), 0), codes) for quota in rows]


def _starts(quota: Quota, now: datetime) -> date:
    return starts_on(Period(quota.period), now, ZoneInfo(quota.tenant.time_zone))


def _stand(quota: Quota, now: datetime, used: int, codes: dict[int, str]) -> Standing:
    scope, name = "tenant", ""
    if quota.channel is not None:
        scope, name = "channel", quota.channel.name
    elif quota.template_id is not None:
        scope, name = "template", codes.get(quota.template_id, str(quota.template_id))
    resets = resets_at(Period(quota.period), now, ZoneInfo(quota.tenant.time_zone))
    return Standing(quota.pk, scope, name, quota.period, quota.limit, quota.on_limit, used, resets)
