"""Quotas with bars of what is used."""

from typing import Any

from django import forms
from django.contrib import admin
from django.db import transaction
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.html import format_html
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from unfold.widgets import UnfoldAdminSelectWidget

from messaging.admin.showing import moment
from messaging.models import Template
from messaging.quotas.setting import quota_changed, remove_quota
from messaging.quotas.standing import Standing, stand
from messaging.quotas.warnings import about
from tenants.admin.decorators import display
from tenants.admin.scoping import EVERYBODY, TenantScopedAdmin, is_superuser, tenants_with
from tenants.models import Channel, Quota


class QuotaForm(forms.ModelForm):  # type: ignore[type-arg]
    """A quota of the tenant, of one of its channels or of one of its templates."""

    template = forms.ModelChoiceField(
        Template.objects.none(), required=False, label=_("Template"), widget=UnfoldAdminSelectWidget
    )

    class Meta:
        model = Quota
        fields = ("tenant", "channel", "period", "limit", "on_limit")

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["template"].initial = self.instance.template_id

    def clean(self) -> dict[str, Any]:
        """Refuse what belongs to another tenant, and what no quota can do."""
        given: dict[str, Any] = super().clean() or {}
        tenant = given.get("tenant") or (self.instance.tenant if self.instance.pk else None)
        channel, template = given.get("channel"), given.get("template")
        for name, row in (("channel", channel), ("template", template)):
            if row is not None and tenant is not None and row.tenant_id != tenant.pk:
                self.add_error(name, gettext("This belongs to another tenant."))
        if channel is not None and template is not None:
            self.add_error("template", gettext("A quota is of a channel or of a template, not of both."))
        if given.get("on_limit") == Quota.OnLimit.DIVERT and channel is None and template is None:
            self.add_error(
                "on_limit", gettext("A quota of the whole tenant cannot divert: name a channel or a template.")
            )
        self.instance.template_id = template.pk if template is not None else None
        return given


@admin.register(Quota)
class QuotaAdmin(TenantScopedAdmin):
    """How many messages may go in a day or month."""

    form = QuotaForm
    list_display = ("shown_scope", "period", "limit", "bar", "on_limit", "shown_reset", "tenant")
    list_filter = ("period", "on_limit", "tenant")
    search_fields = ("channel__name", "tenant__name", "tenant__slug")
    list_select_related = ("tenant", "channel")
    fields = ("tenant", "channel", "template", "period", "limit", "on_limit", "bar", "shown_reset")
    readonly_fields = ("bar", "shown_reset")

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **options: Any) -> Any:
        form = super().get_form(request, obj, change=change, **options)
        rows = Template.objects.order_by("name")
        if obj is not None:
            rows = rows.filter(tenant=obj.tenant_id)
        elif not is_superuser(request):
            rows = rows.filter(tenant__in=tenants_with(request, EVERYBODY))
        form.base_fields["template"].queryset = rows
        return form

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **options: Any) -> Any:
        if db_field.remote_field.model is Channel and not is_superuser(request):
            options["queryset"] = Channel.objects.filter(tenant__in=tenants_with(request, EVERYBODY))
        return super().formfield_for_foreignkey(db_field, request, **options)

    @transaction.atomic
    def save_model(self, request: HttpRequest, obj: Quota, form: Any, change: bool) -> None:
        form.written_columns = ("template_id",) if change else ()
        super().save_model(request, obj, form, change)
        quota_changed(obj)

    def delete_model(self, request: HttpRequest, obj: Quota) -> None:
        remove_quota(obj)

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> None:
        for quota in queryset.select_related("tenant"):
            remove_quota(quota)

    @display(description=_("of"))
    def shown_scope(self, quota: Quota) -> str:
        return about(quota)

    @display(description=_("used"))
    def bar(self, quota: Quota) -> str:
        if quota.pk is None:
            return "—"
        standing = _standing(quota)
        return format_html(
            '<progress max="100" value="{}" aria-label="{}"></progress> {} / {} ({} %)',
            min(standing.percent, 100),
            gettext("used"),
            standing.used,
            standing.limit,
            standing.percent,
        )

    @display(description=_("resets"))
    def shown_reset(self, quota: Quota) -> str:
        return "—" if quota.pk is None else moment(_standing(quota).resets_at, quota.tenant.time_zone)


def _standing(quota: Quota) -> Standing:
    known: Standing | None = getattr(quota, "_standing", None)
    if known is None:
        (known,) = stand([quota])
        quota._standing = known  # type: ignore[attr-defined]
    return known
