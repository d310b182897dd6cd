from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from tenants.admin.decorators import display
from tenants.admin.scoping import TenantScopedAdmin
from tenants.models import Alert


class OpenFilter(admin.SimpleListFilter):
    """Alerts that last."""

    title = _("state")
    parameter_name = "open"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [("yes", _("Open")), ("no", _("Ended"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        return queryset if self.value() is None else queryset.filter(ended_at__isnull=self.value() == "yes")


@admin.register(Alert)
class AlertAdmin(TenantScopedAdmin):
    """What people must know; only the gateway writes these rows."""

    list_display = ("title_label", "level_label", "body", "tenant", "created_at", "mailed_at", "ended_at")
    list_filter = (OpenFilter, "kind", "level", "tenant")
    list_select_related = ("tenant",)
    list_per_page = 50
    ordering = ("-created_at",)
    fields = ("tenant", "title_label", "level", "body", "created_at", "mailed_at", "ended_at")
    readonly_fields = fields

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    @display(description=_("alert"))
    def title_label(self, alert: Alert) -> str:
        return alert.title

    @display(description=_("level"), label={"warning": "warning", "error": "danger", "ended": "success"})
    def level_label(self, alert: Alert) -> tuple[str, Any]:
        return ("ended", _("Ended")) if alert.ended_at else (alert.level, alert.get_level_display())
