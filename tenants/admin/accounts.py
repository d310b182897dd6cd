from typing import Any

from django.contrib import admin
from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from tenants.admin.decorators import display
from tenants.admin.scoping import EVERYBODY, TenantScopedAdmin, is_superuser, tenants_with
from tenants.admin.secret_fields import SecretsForm, mask, secret_field
from tenants.models import Account, ZaloApp
from tenants.runtime import hook_url


@admin.register(Account)
class AccountAdmin(TenantScopedAdmin):
    """Credentials at a provider; those of the platform can be lent to tenants."""

    list_display = ("name", "kind", "tenant", "environment", "created_at")
    list_filter = ("kind", "environment", "tenant")
    search_fields = ("name", "tenant__name", "official_account__oa_id")
    list_select_related = ("tenant",)
    filter_horizontal = ("lent_to",)

    def pickable(self, request: HttpRequest) -> QuerySet[Any]:
        own = tenants_with(request, EVERYBODY)
        rows = Account.objects.filter(Q(tenant__in=own) | Q(tenant=None, lent_to__in=own))
        return rows.distinct()

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        fields = ["tenant", "name", "kind", "environment"]
        rate = {
            "fields": ("rate_amount", "rate_unit", "max_in_flight"),
            "description": _("Shared by all channels and tenants that send over this account."),
        }
        return (
            (None, {"fields": [*fields, "lent_to"] if is_superuser(request) else fields}),
            (_("Rate"), rate),
        )

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        fields = super().get_readonly_fields(request, obj)
        return (*fields, "kind", "environment") if obj is not None else fields


class ZaloAppForm(SecretsForm):
    """An app with its secrets, which can be entered and not read back."""

    secrets = ("app_secret", "oa_secret_key", "fixed_verifier")
    app_secret = secret_field(_("App secret"))
    oa_secret_key = secret_field(_("OA secret key"))
    fixed_verifier = secret_field(_("Fixed verifier"))

    class Meta:
        model = ZaloApp
        fields = ("tenant", "name", "app_id", "environment", "prove_secret", "pkce")


@admin.register(ZaloApp)
class ZaloAppAdmin(TenantScopedAdmin):
    """Applications of developers.zalo.me."""

    form = ZaloAppForm
    list_display = ("name", "app_id", "tenant", "environment", "shown_secret")
    list_filter = ("environment", "tenant")
    search_fields = ("name", "app_id", "tenant__name")
    list_select_related = ("tenant",)
    readonly_fields = ("shown_hook",)
    fieldsets = (
        (None, {"fields": ("tenant", "name", "app_id", "environment")}),
        (
            _("Secrets"),
            {
                "fields": ("app_secret", "oa_secret_key", "prove_secret"),
                "description": _(
                    "The app secret is on the settings page of the app in Zalo's console, the OA secret key on its "
                    "webhook page. They are stored encrypted and never shown again."
                ),
            },
        ),
        (
            _("Connecting"),
            {
                "fields": ("pkce", "fixed_verifier"),
                "description": _(
                    "Choose the fixed verifier if the app has a code challenge saved in Zalo's console, and enter the "
                    "verifier it was made of."
                ),
            },
        ),
        (_("Webhook"), {"fields": ("shown_hook",)}),
    )

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        fields = super().get_readonly_fields(request, obj)
        return (*fields, "environment") if obj is not None else fields

    def save_model(self, request: HttpRequest, obj: ZaloApp, form: Any, change: bool) -> None:
        form.put_secrets()
        super().save_model(request, obj, form, change)

    @display(description=_("app secret"))
    def shown_secret(self, app: ZaloApp) -> str:
        return mask(app.app_secret) or "—"

    @display(description=_("webhook URL"))
    def shown_hook(self, app: ZaloApp) -> str:
        return hook_url(app.hook_token) if app.pk else "—"
