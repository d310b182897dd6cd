from typing import Any

from django.contrib import admin
from django.db.models import Count, QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from messaging.admin.readonly import ReadOnlyAdmin
from messaging.admin.showing import moment
from messaging.models import Bulk, Message
from messaging.states import State
from tenants.admin.decorators import display


@admin.register(Bulk)
class BulkAdmin(ReadOnlyAdmin):
    """What was sent together."""

    list_display = ("id", "total", "shown_accepted", "tenant")
    list_filter = ("tenant",)
    list_select_related = ("tenant",)
    fields = ("id", "tenant", "total", "shown_accepted", "shown_states", "shown_messages")
    readonly_fields = fields

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        return super().get_queryset(request).select_related("tenant")

    @display(description=_("accepted"))
    def shown_accepted(self, bulk: Bulk) -> str:
        return moment(bulk.created_at, bulk.tenant.time_zone)

    @display(description=_("states"))
    def shown_states(self, bulk: Bulk) -> str:
        rows = Message.objects.filter(tenant_id=bulk.tenant_id, bulk_id=bulk.pk)
        rows = rows.filter(pk__gte=bulk.first_id, pk__lte=bulk.last_id)
        counts = rows.order_by().values_list("state").annotate(count=Count("pk"))
        return ", ".join(f"{State(state).label}: {count}" for state, count in sorted(counts)) or "—"

    @display(description=_("list"))
    def shown_messages(self, bulk: Bulk) -> SafeString:
        link = f"{reverse('admin:messaging_message_changelist')}?bulk={bulk.pk}"
        return format_html('<a class="ngw-link" href="{}">{}</a>', link, _("Show its messages"))
