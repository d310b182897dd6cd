from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext

from gateway.dashboard.attention import attention
from gateway.dashboard.traffic import traffic
from tenants.admin.scoping import EVERYBODY, is_superuser, tenants_with


def context(request: HttpRequest, context: dict[str, Any]) -> dict[str, Any]:
    """Return the context of the admin's first page (unfold's DASHBOARD_CALLBACK) with what the user may see."""
    tenant_ids = None if is_superuser(request) else tenants_with(request, EVERYBODY)
    return context | {"title": gettext("Overview"), "attention": attention(tenant_ids), "traffic": traffic(tenant_ids)}
