"""What a template is called on each channel, entered and shown."""

from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from messaging.admin.showing import moment
from messaging.models import TemplateMapping
from tenants.admin.decorators import display
from tenants.admin.scoping import TenantScopedStack
from tenants.admin.texts import shown_length
from tenants.models import Channel


class MappingInline(TenantScopedStack):
    """The template on each channel: the provider's id and parameter names, or the text of an SMS."""

    model = TemplateMapping
    fields = (
        ("channel", "provider_template_id"),
        "parameter_names",
        "text",
        "shown_length",
        ("status", "quality", "price"),
        ("shown_stop", "shown_synced"),
    )
    readonly_fields = ("shown_length", "status", "quality", "price", "shown_stop", "shown_synced")

    def get_queryset(self, request: HttpRequest) -> Any:
        return super().get_queryset(request).select_related("channel", "template__tenant")

    def get_formset(self, request: HttpRequest, obj: Any = None, **options: Any) -> Any:
        formset = super().get_formset(request, obj, **options)
        if obj is not None and "channel" in formset.form.base_fields:
            channels = Channel.objects.filter(tenant_id=obj.tenant_id)
            formset.form.base_fields["channel"].queryset = channels
        return formset

    @display(description=_("length of the SMS"))
    def shown_length(self, mapping: TemplateMapping) -> str:
        return shown_length(mapping.text)

    @display(description=_("stopped because"))
    def shown_stop(self, mapping: TemplateMapping) -> str:
        return " ".join(part for part in (mapping.stop_code, mapping.stop_reason) if part) or "—"

    @display(description=_("synced"))
    def shown_synced(self, mapping: TemplateMapping) -> str:
        return moment(mapping.synced_at, mapping.template.tenant.time_zone) if mapping.pk else "—"
