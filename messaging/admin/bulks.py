from collections.abc import Callable
from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.urls import URLPattern, path
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST, require_safe

from messaging.admin import bulk_page
from messaging.admin.readonly import ReadOnlyAdmin
from messaging.admin.showing import NOT_LEFT, bar, moment
from messaging.bulks.progress import count_by_state
from messaging.bulks.reading import BulkView
from messaging.models import Bulk
from tenants.admin.decorators import display

LABELS = {state.value: colour for state, colour in bulk_page.COLOURS.items()}


@admin.register(Bulk)
class BulkAdmin(ReadOnlyAdmin):
    """What was sent together, newest first; a bulk's own page shows its progress and steers it."""

    list_display = ("id", "shown_state", "shown_progress", "shown_accepted", "tenant")
    list_filter = ("tenant",)
    list_select_related = ("tenant",)
    list_per_page = 25

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        return super().get_queryset(request).select_related("tenant")

    @display(description=_("accepted"))
    def shown_accepted(self, bulk: Bulk) -> str:
        return moment(bulk.created_at, bulk.tenant.time_zone)

    @display(description=_("state"), label=LABELS)
    def shown_state(self, bulk: Bulk) -> tuple[str, str]:
        state = _view(bulk).state
        return state.value, str(state.label)

    @display(description=_("left or ended"))
    def shown_progress(self, bulk: Bulk) -> SafeString:
        by_state = count_by_state(_view(bulk))
        left = sum(count for state, count in by_state.items() if state not in NOT_LEFT)
        parts = ((part["colour"], part["percent"], part["word"], part["count"]) for part in bar(by_state, bulk.total))
        pieces = format_html_join("", '<span class="ngw-fill-{}" style="width: {}%" title="{}: {}"></span>', parts)
        share = f"{left:,} / {bulk.total:,}"
        return format_html('<div class="ngw-bar ngw-small" role="img" aria-label="{0}">{1}</div>{0}', share, pieces)

    def get_urls(self) -> list[URLPattern]:
        views: list[tuple[str, str, Callable[..., HttpResponse]]] = [
            ("progress", "progress", require_safe(self.progress)),
            ("steer", "steer", require_POST(self.steer)),
            ("rest", "change_rest", require_POST(self.change_rest)),
        ]
        mine = [
            path(f"<uuid:object_id>/{where}/", self.admin_site.admin_view(view), name=f"messaging_bulk_{name}")
            for where, name, view in views
        ]
        urls: list[URLPattern] = super().get_urls()
        return [*mine, *urls]

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        row = self.get_object(request, object_id)
        if row is None:
            messages.warning(request, gettext("There is no such bulk."))
            return redirect("admin:messaging_bulk_changelist")
        return bulk_page.page(self, request, row)

    def progress(self, request: HttpRequest, object_id: Any) -> HttpResponse:
        """Tell how far the bulk is."""
        row = self._found(request, object_id)
        return JsonResponse(bulk_page.progress(row, bulk_page.read(row)))

    def steer(self, request: HttpRequest, object_id: Any) -> HttpResponse:
        """Pause the bulk, let it go on or cancel it."""
        return bulk_page.steered(self, request, self._usable(request, object_id))

    def change_rest(self, request: HttpRequest, object_id: Any) -> HttpResponse:
        """Change speed and hours of what is left."""
        return bulk_page.changed(self, request, self._usable(request, object_id))

    def _found(self, request: HttpRequest, object_id: Any) -> Bulk:
        row: Bulk | None = self.get_object(request, str(object_id))
        if row is None:
            raise Http404
        return row

    def _usable(self, request: HttpRequest, object_id: Any) -> Bulk:
        row = self._found(request, object_id)
        if not self.has_use_permission(request, row):
            raise PermissionDenied
        return row


def _view(bulk: Bulk) -> BulkView:
    known: BulkView | None = getattr(bulk, "_view", None)
    if known is None:
        known = bulk_page.read(bulk)
        bulk._view = known  # type: ignore[attr-defined]
    return known
