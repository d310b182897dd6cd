from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.conf import settings
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from tenants import clock
from tenants.admin.decorators import button, display
from tenants.admin.pages import ask
from tenants.admin.scoping import TenantScopedAdmin, is_superuser
from tenants.admin.secret_fields import secret_field
from tenants.connection import try_connection
from tenants.custody import (
    ConnectFailed,
    ReconnectNeeded,
    RefreshFailed,
    RefreshInProgress,
    account_of,
    begin_connect,
    finish_connect,
    paste,
    refresh,
    refresh_token_ends_soon,
)
from tenants.models import OfficialAccount

CHANGE = "admin:tenants_officialaccount_change"


class PasteForm(forms.Form):
    """A pair from Zalo's API Explorer."""

    access_token = secret_field(_("Access token"), required=True)
    refresh_token = secret_field(
        _("Refresh token"), help_text=_("Without it the account works until the access token ends.")
    )


def in_zone(row: OfficialAccount, moment: datetime | None) -> str:
    """Return a time as the tenant's people read it, with its zone; the platform's rows in its own zone."""
    if moment is None:
        return "—"
    tenant = row.account.tenant
    zone = ZoneInfo(tenant.time_zone if tenant else settings.TIME_ZONE)
    return f"{date_format(timezone.localtime(moment, zone), 'SHORT_DATETIME_FORMAT')} ({zone.key})"


@admin.register(OfficialAccount)
class OfficialAccountAdmin(TenantScopedAdmin):
    """Zalo OAs with their rotating tokens."""

    tenant_path = "account__tenant"
    list_display = ("account", "oa_id", "status_label", "shown_reason", "shown_access_end")
    list_filter = ("status", "app", "account__tenant")
    search_fields = ("account__name", "oa_id", "app__name", "account__tenant__name")
    list_select_related = ("account__tenant", "app")
    fields = ("account", "app", "oa_id")
    readonly_fields = (
        "shown_status",
        "shown_reason",
        "shown_access_end",
        "shown_refresh_end",
        "shown_renewed",
        "shown_next",
        "shown_quota",
    )
    actions_detail = ("connect", "paste_tokens", "refresh_now", "test_connection")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        return super().get_queryset(request).select_related("account__tenant", "app")

    def get_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        return self.fields if obj is None else (*self.fields, *self.readonly_fields)

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        fields = super().get_readonly_fields(request, obj)
        if obj is None:
            return fields
        of_the_platform = obj.app.tenant_id is None and not is_superuser(request)
        return (*fields, "account", *(["app"] if of_the_platform else []))

    def get_urls(self) -> list[URLPattern]:
        back = path("connected/", self.admin_site.admin_view(self.connected), name="tenants_officialaccount_connected")
        urls: list[URLPattern] = super().get_urls()
        return [back, *urls]

    @display(
        description=_("status"),
        label={"connected": "success", "ends": "warning", "reconnect": "danger", "not_connected": "info"},
    )
    def status_label(self, row: OfficialAccount) -> tuple[str, str]:
        return row.status, row.get_status_display()

    @display(description=_("status"))
    def shown_status(self, row: OfficialAccount) -> str:
        return row.get_status_display()

    @display(description=_("reason"))
    def shown_reason(self, row: OfficialAccount) -> str:
        warning = ""
        if row.status != OfficialAccount.Status.RECONNECT and refresh_token_ends_soon(row, clock.now()):
            warning = gettext("The refresh token ends on %(end)s; connect it again before.") % {
                "end": in_zone(row, row.refresh_expires_at)
            }
        return " ".join(part for part in (row.why(), warning) if part) or "—"

    @display(description=_("access token ends"), ordering="access_expires_at")
    def shown_access_end(self, row: OfficialAccount) -> str:
        return in_zone(row, row.access_expires_at)

    @display(description=_("refresh token ends"))
    def shown_refresh_end(self, row: OfficialAccount) -> str:
        return in_zone(row, row.refresh_expires_at)

    @display(description=_("tokens renewed"))
    def shown_renewed(self, row: OfficialAccount) -> str:
        return in_zone(row, row.refreshed_at)

    @display(description=_("next renewal"))
    def shown_next(self, row: OfficialAccount) -> str:
        return in_zone(row, row.refresh_at) if row.can_renew() else "—"

    @display(description=_("quota today"))
    def shown_quota(self, row: OfficialAccount) -> str:
        if row.quota_at is None:
            return "—"
        return gettext("%(left)s of %(all)s left, read %(at)s") % {
            "left": row.remaining_quota,
            "all": row.daily_quota,
            "at": in_zone(row, row.quota_at),
        }

    @button(description=_("Connect with Zalo"), url_path="connect", permissions=["use"], icon="link")
    def connect(self, request: HttpRequest, object_id: str) -> HttpResponse:
        row = self.get_object(request, object_id)
        back = settings.PUBLIC_URL + reverse("admin:tenants_officialaccount_connected")
        try:
            return redirect(begin_connect(row, back, request.user))
        except ConnectFailed as error:
            messages.error(request, str(error))
            return redirect(CHANGE, object_id)

    def connected(self, request: HttpRequest) -> HttpResponse:
        """Take the consent that Zalo's page sends back with the person who gave it."""
        state, code, oa_id = (request.GET.get(name, "") for name in ("state", "code", "oa_id"))
        try:
            expected = account_of(state, request.user)
            if not self.has_use_permission(request, expected):
                raise PermissionDenied
            row = finish_connect(state, code, oa_id, request.user)
        except ConnectFailed as error:
            messages.error(request, str(error))
            return redirect("admin:tenants_officialaccount_changelist")
        self.log_change(request, row, gettext("Connected with Zalo."))
        messages.success(request, gettext("The official account is connected."))
        return redirect(CHANGE, row.pk)

    @button(description=_("Paste tokens"), url_path="paste", permissions=["use"], icon="content_paste")
    def paste_tokens(self, request: HttpRequest, object_id: str) -> HttpResponse:
        row = self.get_object(request, object_id)
        form = PasteForm(request.POST or None)
        if not form.is_valid():
            text = gettext("Make them in the API Explorer of developers.zalo.me, with this app and this account.")
            title, button = gettext("Paste tokens"), gettext("Save")
            return ask(self, request, row, title=title, text=text, button=button, form=form)
        row = paste(row, form.cleaned_data["access_token"], form.cleaned_data["refresh_token"])
        self.log_change(request, row, gettext("Tokens pasted."))
        if row.status == OfficialAccount.Status.ENDS:
            messages.warning(request, row.why())
        else:
            messages.success(request, gettext("The official account is connected."))
        return redirect(CHANGE, object_id)

    @button(description=_("Renew tokens now"), url_path="refresh", permissions=["use"], icon="sync")
    def refresh_now(self, request: HttpRequest, object_id: str) -> HttpResponse:
        row = self.get_object(request, object_id)
        if request.method != "POST":
            text = gettext("Zalo gives a new pair and the present one ends. Messages on their way are not disturbed.")
            return ask(self, request, row, title=gettext("Renew the tokens?"), text=text, button=gettext("Renew"))
        try:
            refresh(row.pk, row.access_token, refused=False)
        except RefreshInProgress:
            messages.info(request, gettext("The tokens are being renewed already."))
        except (ReconnectNeeded, RefreshFailed) as error:
            messages.error(request, str(error))
        else:
            self.log_change(request, row, gettext("Tokens renewed."))
            messages.success(request, gettext("The tokens are renewed."))
        return redirect(CHANGE, object_id)

    @button(description=_("Test connection"), url_path="test", permissions=["use"], icon="network_check")
    def test_connection(self, request: HttpRequest, object_id: str) -> HttpResponse:
        found = try_connection(self.get_object(request, object_id))
        messages.add_message(request, messages.SUCCESS if found.ok else messages.ERROR, found.text)
        return redirect(CHANGE, object_id)
