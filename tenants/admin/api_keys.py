from datetime import timedelta
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.contrib.postgres.forms import SimpleArrayField
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from unfold.widgets import (
    UnfoldAdminCheckboxSelectMultipleWidget,
    UnfoldAdminIntegerFieldWidget,
    UnfoldAdminTextareaWidget,
)

from tenants import clock
from tenants.admin.decorators import button, display
from tenants.admin.pages import ask, show_token
from tenants.admin.scoping import OWNERS, TenantScopedAdmin
from tenants.api_keys import InvalidKey, forget, issue_row, revoke, rotate
from tenants.models import ApiKey
from tenants.models.api_key import validate_network


class ApiKeyForm(forms.ModelForm):  # type: ignore[type-arg]
    """What a key may do; its secret is none of the fields."""

    scopes = forms.MultipleChoiceField(
        label=_("Scopes"), choices=ApiKey.Scope.choices, required=False, widget=UnfoldAdminCheckboxSelectMultipleWidget
    )
    allowed_networks = SimpleArrayField(
        forms.CharField(max_length=43, validators=[validate_network]),
        label=_("Allowed networks"),
        delimiter="\n",
        required=False,
        widget=UnfoldAdminTextareaWidget(attrs={"rows": 3}),
        help_text=_("One address or network a line, such as 203.0.113.0/24; empty allows every address."),
    )

    class Meta:
        model = ApiKey
        fields = ("tenant", "name", "mode", "scopes", "allowed_networks", "rate_limit", "expires_at")


class OverlapForm(forms.Form):
    """For how long the old key stays good."""

    hours = forms.IntegerField(
        label=_("Hours"),
        initial=24,
        min_value=0,
        max_value=24 * 30,
        widget=UnfoldAdminIntegerFieldWidget,
        help_text=_("For how many hours both keys work, so that the application can change over."),
    )


@admin.register(ApiKey)
class ApiKeyAdmin(TenantScopedAdmin):
    """Keys of client applications. A key is shown when it is made, and never again."""

    form = ApiKeyForm
    view_roles = OWNERS
    use_roles = OWNERS
    list_display = ("name", "shown_prefix", "tenant", "mode", "state_label", "last_used_at", "expires_at")
    list_filter = ("mode", "tenant")
    search_fields = ("name", "prefix", "tenant__name")
    list_select_related = ("tenant",)
    readonly_fields = ("shown_prefix", "shown_state", "created_at", "last_used_at", "revoked_at")
    actions_detail = ("rotate_key", "revoke_key")

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        fields = super().get_readonly_fields(request, obj)
        return (*fields, "mode") if obj is not None else fields

    def get_fields(self, request: HttpRequest, obj: Any = None) -> list[str]:
        return [*ApiKeyForm.Meta.fields, *(self.readonly_fields if obj is not None else ())]

    @display(description=_("prefix"), ordering="prefix")
    def shown_prefix(self, key: ApiKey) -> str:
        return f"ngw_{key.mode}_{key.prefix}_…"

    @display(
        description=_("state"),
        label={"active": "success", "revoked": "danger", "expired": "warning"},
    )
    def state_label(self, key: ApiKey) -> tuple[str, str]:
        if key.revoked_at:
            return "revoked", gettext("Revoked")
        if key.expires_at and key.expires_at <= clock.now():
            return "expired", gettext("Expired")
        return "active", gettext("Active")

    @display(description=_("state"))
    def shown_state(self, key: ApiKey) -> str:
        return self.state_label(key)[1]

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], add: bool = False, **options: Any
    ) -> Any:
        # A new key's page is the one that shows it, whichever button was pressed.
        context |= {"show_save_and_add_another": False, "show_save_and_continue": not add}
        page: HttpResponse = super().render_change_form(request, context, add=add, **options)
        return page

    def save_model(self, request: HttpRequest, obj: ApiKey, form: Any, change: bool) -> None:
        if change:
            super().save_model(request, obj, form, change)
            forget(obj)
        elif self.allows(request, obj, self.add_roles):
            request._issued = issue_row(obj)  # type: ignore[attr-defined]

    def response_add(self, request: HttpRequest, obj: ApiKey, post_url_continue: Any = None) -> HttpResponse:
        return show_token(self, request, obj, request._issued.token)  # type: ignore[attr-defined]

    @button(description=_("Revoke"), url_path="revoke", permissions=["use"], icon="block")
    def revoke_key(self, request: HttpRequest, object_id: str) -> HttpResponse:
        key = self.get_object(request, object_id)
        if request.method != "POST":
            text = gettext("The application that uses this key is locked out within 30 seconds. It cannot be undone.")
            return ask(self, request, key, title=gettext("Revoke this key?"), text=text, button=gettext("Revoke"))
        revoke(key)
        self.log_change(request, key, gettext("Revoked."))
        messages.success(request, gettext("The key is revoked."))
        return redirect("admin:tenants_apikey_change", object_id)

    @button(description=_("Rotate"), url_path="rotate", permissions=["use"], icon="autorenew")
    def rotate_key(self, request: HttpRequest, object_id: str) -> HttpResponse:
        key = self.get_object(request, object_id)
        form = OverlapForm(request.POST or None)
        if not form.is_valid():
            text = gettext("A new key with the same rights is made and shown once. The old one ends after the overlap.")
            return ask(
                self, request, key, title=gettext("Rotate this key?"), text=text, button=gettext("Rotate"), form=form
            )
        try:
            issued = rotate(key, timedelta(hours=form.cleaned_data["hours"]))
        except InvalidKey:
            messages.error(request, gettext("A revoked key cannot be rotated."))
            return redirect("admin:tenants_apikey_change", object_id)
        self.log_change(request, key, gettext("Rotated: %(prefix)s follows.") % {"prefix": issued.key.prefix})
        return show_token(self, request, issued.key, issued.token)
