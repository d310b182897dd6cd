from typing import Any, Final

from django.conf import settings
from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from messaging.admin.readonly import ReadOnlyAdmin, newest
from messaging.admin.showing import moment
from messaging.ids import parse_leg_id
from messaging.models import Receipt
from tenants.admin.decorators import display

COLOURS: Final = {"OPEN": "info", "APPLIED": "success", "UNMATCHED": "warning", "BROKEN": "danger"}
# No index serves a tenant or a state here: older receipts are found from their messages.
MOST_LOOKED_AT: Final = 20_000


@admin.register(Receipt)
class ReceiptAdmin(ReadOnlyAdmin):
    """What providers reported, with those that fit no message or were not understood."""

    tenant_path = "tenant_id"
    list_display = (
        "shown_received",
        "kind",
        "shown_state",
        "source",
        "account",
        "shown_message",
        "provider_message_id",
    )
    list_filter = ("state", "kind", "source")
    fields = (
        "id",
        "source",
        "account",
        "kind",
        "state",
        "shown_message",
        "leg_id",
        "provider_message_id",
        "shown_happened",
        "shown_received",
    )
    readonly_fields = fields

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        return super().get_queryset(request).filter(pk__in=newest(Receipt.objects.all(), MOST_LOOKED_AT).values("pk"))

    def tenant_id_of(self, row: Any) -> int | None:
        tenant_id: int | None = row.tenant_id
        return tenant_id

    @display(description=_("received"))
    def shown_received(self, receipt: Receipt) -> str:
        return moment(receipt.received_at, settings.TIME_ZONE)

    @display(description=_("happened"))
    def shown_happened(self, receipt: Receipt) -> str:
        return moment(receipt.happened_at, settings.TIME_ZONE)

    @display(description=_("state"), label=COLOURS)
    def shown_state(self, receipt: Receipt) -> tuple[str, str]:
        state = Receipt.State(receipt.state)
        return state.name, str(state.label)

    @display(description=_("message"))
    def shown_message(self, receipt: Receipt) -> str | SafeString:
        leg = parse_leg_id(receipt.leg_id)
        if leg is None or receipt.state != Receipt.State.APPLIED:
            return receipt.leg_id or "—"
        link = reverse("admin:messaging_message_change", args=[leg[0]])
        return format_html('<a class="ngw-link" href="{}">{}</a>', link, leg[0].hex)
