"""What a key may ask about accounts, and about itself."""

from django.http import Http404, HttpResponse
from rest_framework.request import Request

from gateway.api.keys import principal
from gateway.api.schema import describe
from gateway.api.template_shapes import KeyOut, Me, QuotaOut, TenantOut
from gateway.api.view import ApiView, reply
from messaging.queries.quotas import oa_quota
from tenants.models import ApiKey

Scope = ApiKey.Scope


class OfficialAccountQuota(ApiView):
    """The quota of an official account."""

    scopes = {"GET": Scope.QUOTA}

    @describe("getQuota", {200: QuotaOut}, problems=(404,))
    def get(self, request: Request, oa_id: str) -> HttpResponse:
        """Return what Zalo allows the official account today."""
        caller = principal(request)
        quota = oa_quota(caller.tenant_id, oa_id.replace("\x00", ""), test=caller.mode == ApiKey.Mode.TEST)
        if quota is None:
            raise Http404
        return reply(
            QuotaOut(
                oa_id=quota.oa_id,
                daily_quota=quota.daily,
                remaining_quota=quota.remaining,
                read_at=quota.read_at,
            )
        )


class Whoami(ApiView):
    """The caller itself; any key may ask."""

    scopes = {"GET": None}

    @describe("getMe", {200: Me})
    def get(self, request: Request) -> HttpResponse:
        """Return the tenant and the key of this call."""
        caller = principal(request)
        key = ApiKey.objects.select_related("tenant").get(id=caller.key_id)
        tenant = TenantOut(slug=key.tenant.slug, name=key.tenant.name, time_zone=key.tenant.time_zone)
        shown = KeyOut(
            id=str(key.pk),
            name=key.name,
            mode=key.mode,
            scopes=sorted(key.scopes),
            rate_limit=key.rate_limit,
            expires_at=key.expires_at,
        )
        return reply(Me(tenant=tenant, key=shown))
