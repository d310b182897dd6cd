"""Accounts whose credentials are settings: a form made of the table of their kind."""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from unfold.widgets import UnfoldAdminSelectWidget, UnfoldAdminTextInputWidget

from providers.kinds import Setting
from providers.mini_app.adapter import MINI_APP
from tenants.admin.decorators import button, display
from tenants.admin.pages import ask
from tenants.admin.scoping import TenantScopedAdmin
from tenants.admin.secret_fields import mask, secret_field
from tenants.admin.statistics import show_statistics
from tenants.credential_fields import ACCOUNT_KIND, FIELDS, rotated
from tenants.kinds import translated
from tenants.models import ProviderAccount
from tenants.runtime import forget_account, hook_url
from tenants.testing_settings import fetch_public_key, try_settings

CHANGE = "admin:tenants_provideraccount_change"


class SettingsForm(forms.ModelForm):  # type: ignore[type-arg]
    """The settings of an account; of a secret an empty field leaves the stored one as it is."""

    kind = ""
    written_columns = ("credentials_sealed",)

    class Meta:
        model = ProviderAccount
        fields = ("account",)

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self._stored = self.instance.values() if self.instance.pk else {}
        for field in FIELDS.get(self.kind, ()):
            stored = self._stored.get(field.name, "")
            if field.secret and stored:
                text = gettext("Stored: %(masked)s. Leave empty to keep it.") % {"masked": mask(stored)}
                self.fields[field.name].help_text = f"{translated(field.help)} {text}".strip()
            elif not field.secret:
                self.initial[field.name] = stored

    def settings(self) -> dict[str, str]:
        """Return the settings as they are to be stored."""
        given = {}
        for field in FIELDS.get(self.kind, ()):
            value = (self.cleaned_data.get(field.name) or "").strip()
            given[field.name] = value or (self._stored.get(field.name, "") if field.secret else "")
        return given | rotated(self.kind, self._stored, given)


@admin.register(ProviderAccount)
class ProviderAccountAdmin(TenantScopedAdmin):
    """Settings of accounts that are not official accounts."""

    tenant_path = "account__tenant"
    list_display = ("account", "shown_kind", "shown_environment")
    list_filter = ("account__kind", "account__environment", "account__tenant")
    search_fields = ("account__name", "account__tenant__name")
    list_select_related = ("account__tenant",)
    readonly_fields = ("shown_hooks",)
    actions_detail = ("test_connection", "fetch_key", "statistics")

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **options: Any) -> Any:
        kind = obj.account.kind if obj is not None else ""
        declared = {field.name: _form_field(field) for field in FIELDS.get(kind, ())}
        options["form"] = type("KindForm", (SettingsForm,), {"kind": kind, **declared})
        options["fields"] = None if self.has_change_permission(request, obj) else []
        return super().get_form(request, obj, change, **options)

    def get_fields(self, request: HttpRequest, obj: Any = None) -> list[str]:
        if obj is None:
            return ["account"]
        settings = FIELDS.get(obj.account.kind, ()) if self.has_change_permission(request, obj) else ()
        return ["account", *(field.name for field in settings), "shown_hooks"]

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        fields = super().get_readonly_fields(request, obj)
        return (*fields, "account") if obj is not None else fields

    def save_model(self, request: HttpRequest, obj: ProviderAccount, form: Any, change: bool) -> None:
        obj.put(form.settings())
        super().save_model(request, obj, form, change)
        forget_account(obj.pk)

    @display(description=_("kind"))
    def shown_kind(self, row: ProviderAccount) -> str:
        return row.account.get_kind_display()

    @display(description=_("environment"))
    def shown_environment(self, row: ProviderAccount) -> str:
        return row.account.get_environment_display()

    @display(description=_("addresses of reports"))
    def shown_hooks(self, row: ProviderAccount) -> str:
        kinds = [channel for channel, account in ACCOUNT_KIND.items() if account == row.account.kind]
        return " ".join(hook_url(row.hook_token, kind) for kind in kinds)

    @button(description=_("Test connection"), url_path="test", permissions=["use"], icon="network_check")
    def test_connection(self, request: HttpRequest, object_id: str) -> HttpResponse:
        found = try_settings(self.get_object(request, object_id))
        messages.add_message(request, messages.SUCCESS if found.ok else messages.ERROR, found.text)
        return redirect(CHANGE, object_id)

    def has_key_permission(self, request: HttpRequest, row: Any = None) -> bool:
        """Return whether the account has a key to fetch, and the user may write its settings."""
        held = row if isinstance(row, ProviderAccount) or row is None else self.get_object(request, str(row))
        has_key = held is not None and any(f.name == "public_key" for f in FIELDS.get(held.account.kind, ()))
        return has_key and self.has_change_permission(request, held)

    @button(description=_("Fetch the public key"), url_path="key", permissions=["key"], icon="key")
    def fetch_key(self, request: HttpRequest, object_id: str) -> HttpResponse:
        held = self.get_object(request, object_id)
        if request.method != "POST":
            text = gettext("It is stored in place of the one that stands; the provider makes one where it has none.")
            title = gettext("Fetch the public key")
            return ask(self, request, held, title=title, text=text, button=gettext("Fetch"))
        found = fetch_public_key(held)
        if found.ok:
            forget_account(held.pk)
            self.log_change(request, held, found.text)
        messages.add_message(request, messages.SUCCESS if found.ok else messages.ERROR, found.text)
        return redirect(CHANGE, object_id)

    def has_statistics_permission(self, request: HttpRequest, row: Any = None) -> bool:
        """Return whether the user may use the account and it is one that has statistics."""
        held = row if row is None or isinstance(row, ProviderAccount) else self.get_object(request, str(row))
        if held is None:
            return row is None and self.has_use_permission(request)
        return held.account.kind == MINI_APP.account.name and self.has_use_permission(request, held)

    @button(description=_("Statistics"), url_path="statistics", permissions=["statistics"], icon="bar_chart")
    def statistics(self, request: HttpRequest, object_id: str) -> HttpResponse:
        return show_statistics(self, request, self.get_object(request, object_id))


def _form_field(field: Setting) -> forms.Field:
    label, help_text = translated(field.label), translated(field.help)
    if field.secret:
        return secret_field(label, help_text=help_text)
    if field.choices:
        empty = () if any(value == "" for value, _ in field.choices) else (("", "—"),)
        return forms.ChoiceField(
            label=label,
            help_text=help_text,
            required=False,
            choices=(*empty, *((value, translated(shown)) for value, shown in field.choices)),
            widget=UnfoldAdminSelectWidget,
        )
    return forms.CharField(
        label=label, help_text=help_text, required=False, max_length=4096, widget=UnfoldAdminTextInputWidget
    )
