from typing import Any, Final

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from messaging.admin.readonly import ReadOnlyAdmin
from messaging.admin.sentences import reason
from messaging.admin.showing import moment
from messaging.models import Due, Lane
from tenants.admin.decorators import display

MOST_COUNTED: Final = 1000


class WaitingFilter(admin.SimpleListFilter):
    """Lanes that something holds."""

    title = _("held")
    parameter_name = "held"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [("yes", _("Held"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        return queryset.exclude(hold_reason="") if self.value() == "yes" else queryset


@admin.register(Lane)
class LaneAdmin(ReadOnlyAdmin):
    """Queues of messages that share one clock, and why they wait."""

    list_display = (
        "channel",
        "message_class",
        "shown_test",
        "shown_bulk",
        "shown_waiting",
        "shown_next",
        "shown_hold",
        "tenant",
    )
    list_filter = (WaitingFilter, "message_class", "test", "tenant")
    list_select_related = ("channel", "tenant")
    list_per_page = 25
    fields = (
        "tenant",
        "channel",
        "message_class",
        "shown_test",
        "shown_bulk",
        "shown_waiting",
        "shown_next",
        "shown_hold",
    )
    readonly_fields = fields

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        return super().get_queryset(request).select_related("tenant", "channel")

    @display(description=_("test"))
    def shown_test(self, lane: Lane) -> str:
        return gettext("yes") if lane.test else "—"

    @display(description=_("bulk"))
    def shown_bulk(self, lane: Lane) -> str:
        return str(lane.bulk_id) if lane.bulk_id else "—"

    @display(description=_("waiting"))
    def shown_waiting(self, lane: Lane) -> str:
        count = Due.objects.filter(lane_id=lane.pk, phase=0)[: MOST_COUNTED + 1].count()
        return f"{MOST_COUNTED}+" if count > MOST_COUNTED else str(count)

    @display(description=_("held because"))
    def shown_hold(self, lane: Lane) -> str:
        return reason(lane.hold_reason) or "—"

    @display(description=_("goes on"))
    def shown_next(self, lane: Lane) -> str:
        return moment(lane.next_at, lane.tenant.time_zone) if lane.hold_reason else "—"
