"""What a tenant has used of its quotas, and what its people must know."""

from datetime import UTC

from django.db.models import F
from django.http import HttpResponse
from rest_framework.request import Request

from gateway.api.keys import principal
from gateway.api.query import known_only
from gateway.api.schema import describe
from gateway.api.usage_shapes import AlertOut, AlertPage, QuotaUsageOut, UsageOut
from gateway.api.view import ApiView, reply
from messaging.quotas.standing import standings
from tenants.models import Alert, ApiKey, Tenant

Scope = ApiKey.Scope
MOST = 100


class Usage(ApiView):
    """Quotas of the tenant."""

    scopes = {"GET": Scope.QUOTA}

    @describe("getUsage", {200: UsageOut}, problems=(422,))
    def get(self, request: Request) -> HttpResponse:
        """Return every quota with what is used of it in its present period."""
        known_only(request.GET)
        found = standings(Tenant.objects.get(pk=principal(request).tenant_id))
        quotas = [
            QuotaUsageOut(
                scope=standing.scope,
                name=standing.name or None,
                period=standing.period,
                limit=standing.limit,
                used=standing.used,
                on_limit=standing.on_limit,
                resets_at=standing.resets_at.astimezone(UTC),
            )
            for standing in found
        ]
        return reply(UsageOut(quotas=quotas))


class Alerts(ApiView):
    """What people of the tenant must know."""

    scopes = {"GET": Scope.READ}

    @describe("listAlerts", {200: AlertPage}, problems=(422,))
    def get(self, request: Request) -> HttpResponse:
        """List the newest alerts, open ones first."""
        known_only(request.GET)
        rows = Alert.objects.filter(tenant=principal(request).tenant_id)
        newest = rows.order_by(F("ended_at").desc(nulls_first=True), "-created_at")[:MOST]
        return reply(AlertPage(alerts=[_shown(row) for row in newest]))


def _shown(row: Alert) -> AlertOut:
    return AlertOut(
        id=str(row.pk),
        kind=row.kind,
        level=row.level,
        about=row.about,
        title=row.title,
        text=row.body,
        since=row.created_at,
        ended_at=row.ended_at,
    )
