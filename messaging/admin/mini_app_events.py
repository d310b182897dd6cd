from typing import Final

from django.conf import settings
from django.contrib import admin
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from messaging.admin.readonly import ReadOnlyAdmin
from messaging.admin.showing import moment
from messaging.models import MiniAppEvent
from tenants.admin.decorators import display

COLOURS: Final = {"withdrawn": "warning", "version_reviewed": "info", "unrecognised": "danger"}


@admin.register(MiniAppEvent)
class MiniAppEventAdmin(ReadOnlyAdmin):
    """Withdrawn consents with what was done about them, and reviews of versions."""

    list_display = ("shown_received", "shown_kind", "account", "mini_app_id", "shown_found")
    list_filter = ("kind", "approved")
    list_select_related = ("account", "tenant")
    fields = (
        "tenant",
        "account",
        "name",
        "mini_app_id",
        "shown_happened",
        "shown_received",
        "shown_applied",
        "shown_found",
    )
    readonly_fields = fields

    @display(description=_("received"))
    def shown_received(self, event: MiniAppEvent) -> str:
        return moment(event.received_at, settings.TIME_ZONE)

    @display(description=_("happened"))
    def shown_happened(self, event: MiniAppEvent) -> str:
        return moment(event.happened_at, settings.TIME_ZONE)

    @display(description=_("carried out"))
    def shown_applied(self, event: MiniAppEvent) -> str:
        return moment(event.applied_at, settings.TIME_ZONE) if event.applied_at else gettext("not yet")

    @display(description=_("kind"), label=COLOURS)
    def shown_kind(self, event: MiniAppEvent) -> tuple[str, str]:
        return event.kind, event.get_kind_display()

    @display(description=_("what follows"))
    def shown_found(self, event: MiniAppEvent) -> str:
        if event.kind == MiniAppEvent.Kind.WITHDRAWN and event.applied_at:
            told = gettext("%(stopped)s messages stopped, %(erased)s erased; the person is not sent to any more.")
            return told % {"stopped": event.stopped, "erased": event.erased}
        if event.kind == MiniAppEvent.Kind.VERSION_REVIEWED:
            told = (
                gettext("Version %(version)s is approved.")
                if event.approved
                else gettext("Version %(version)s was rejected: %(reason)s")
            )
            return told % {"version": event.version_id, "reason": event.reason}
        return "—"
