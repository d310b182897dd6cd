"""The list of campaigns and the addresses of everything about them."""

from collections.abc import Callable
from typing import Any

import structlog
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import URLPattern, path
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST, require_safe

from messaging.admin.campaigns import making, page, steering
from messaging.admin.campaigns.progress import STANDS, progress
from messaging.admin.readonly import ReadOnlyAdmin
from messaging.admin.showing import moment
from messaging.campaigns.results import problem_lines, result_lines
from messaging.campaigns.status import Stand, status_of
from messaging.models import Campaign, CampaignRun
from tenants.admin.decorators import display
from tenants.admin.scoping import may_reveal

LABELS = {stand.value: colour for stand, (_label, colour) in STANDS.items()}
log = structlog.get_logger("audit")


@admin.register(Campaign)
class CampaignAdmin(ReadOnlyAdmin):
    """Campaigns, newest first; a campaign's own page shows its progress and steers it."""

    list_display = ("name", "shown_state", "shown_total", "template", "shown_made", "created_by", "tenant")
    list_filter = ("test", "tenant")
    list_select_related = ("tenant", "template", "route", "file")
    list_per_page = 25
    search_fields = ("name",)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        return super().get_queryset(request).select_related("tenant", "template", "route", "file")

    def has_add_permission(self, request: HttpRequest) -> bool:
        return self.allows(request, None, self.use_roles)

    @display(description=_("state"), label=LABELS)
    def shown_state(self, campaign: Campaign) -> tuple[str, str]:
        stand: Stand = status_of(campaign).state
        return stand.value, str(STANDS[stand][0])

    @display(description=_("messages"))
    def shown_total(self, campaign: Campaign) -> str:
        return f"{status_of(campaign).total:,}"

    @display(description=_("made"))
    def shown_made(self, campaign: Campaign) -> str:
        return moment(campaign.created_at, campaign.tenant.time_zone)

    def get_urls(self) -> list[URLPattern]:
        wrap: Callable[..., Any] = self.admin_site.admin_view
        mine = [
            path("new/<int:file_id>/", wrap(self.set_up), name="messaging_campaign_set_up"),
            path("<int:object_id>/progress/", wrap(require_safe(self.progress)), name="messaging_campaign_progress"),
            path("<int:object_id>/steer/", wrap(require_POST(self.steer)), name="messaging_campaign_steer"),
            path("<int:object_id>/test/", wrap(require_POST(self.test)), name="messaging_campaign_test"),
            path("<int:object_id>/results/", wrap(require_safe(self.results)), name="messaging_campaign_results"),
            path("<int:object_id>/problems/", wrap(require_safe(self.problems)), name="messaging_campaign_problems"),
        ]
        urls: list[URLPattern] = super().get_urls()
        return [*mine, *urls]

    def add_view(self, request: HttpRequest, form_url: str = "", extra_context: Any = None) -> HttpResponse:
        if not self.has_add_permission(request):
            raise PermissionDenied
        return making.upload(self, request)

    def set_up(self, request: HttpRequest, file_id: int) -> HttpResponse:
        """Say which column holds what, and how to send."""
        return making.set_up(self, request, file_id)

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        row = self.get_object(request, object_id)
        if row is None:
            messages.warning(request, gettext("There is no such campaign."))
            return redirect("admin:messaging_campaign_changelist")
        return page.show(self, request, row)

    def progress(self, request: HttpRequest, object_id: int) -> JsonResponse:
        """Return what the bar shows."""
        return JsonResponse(progress(self._found(request, object_id)), headers={"Cache-Control": "no-store"})

    def steer(self, request: HttpRequest, object_id: int) -> HttpResponse:
        """Start, pause, resume or cancel it, or change its speed."""
        return steering.steer(self, request, self._usable(request, object_id))

    def test(self, request: HttpRequest, object_id: int) -> HttpResponse:
        """Send a row's message to a number of one's own."""
        return steering.test(self, request, self._usable(request, object_id))

    def results(self, request: HttpRequest, object_id: int) -> HttpResponseBase:
        """Hand out what became of every row; numbers in clear for those who may see them, which is noted."""
        campaign = self._found(request, object_id)
        reveal = "reveal" in request.GET
        if reveal and not may_reveal(request, campaign.tenant_id):
            raise PermissionDenied
        run = self._run(request, campaign)
        if reveal:
            by = request.user.get_username()
            log.info("campaign.revealed", tenant=run.tenant_id, campaign=campaign.pk, run=run.pk, by=by)
        return _file(result_lines(run, reveal=reveal), f"campaign-{campaign.pk}-results.csv")

    def problems(self, request: HttpRequest, object_id: int) -> HttpResponseBase:
        """Hand out which rows became no message."""
        campaign = self._found(request, object_id)
        return _file(problem_lines(self._run(request, campaign)), f"campaign-{campaign.pk}-problems.csv")

    def _found(self, request: HttpRequest, object_id: int) -> Campaign:
        row: Campaign | None = self.get_object(request, str(object_id))
        if row is None:
            raise Http404
        return row

    def _usable(self, request: HttpRequest, object_id: int) -> Campaign:
        row = self._found(request, object_id)
        if not self.has_use_permission(request, row):
            raise PermissionDenied
        return row

    def _run(self, request: HttpRequest, campaign: Campaign) -> CampaignRun:
        runs = campaign.runs.select_related("bulk").order_by("-planned_at")
        text = request.GET.get("run", "")
        run = runs.filter(pk=int(text)).first() if text.isdigit() and len(text) < 19 else runs.first()
        if run is None:
            raise Http404
        return run


def _file(lines: Any, name: str) -> StreamingHttpResponse:
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-store"}
    return StreamingHttpResponse(lines, content_type="text/csv; charset=utf-8", headers=headers)
