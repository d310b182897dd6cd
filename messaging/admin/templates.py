from typing import Any

from django import forms
from django.contrib import admin, messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from unfold.widgets import UnfoldAdminCheckboxSelectMultipleWidget

from messaging.admin.mappings import MappingInline
from messaging.admin.previews import preview_page
from messaging.admin.showing import moment
from messaging.admin.template_form import HandForm
from messaging.admin.test_send import TestSendForm
from messaging.dispatch import mappings
from messaging.intake import resolve
from messaging.models import Template
from messaging.template_sync import SyncReport, sync_channel
from messaging.template_writing import SYNCED, resume_template
from tenants.admin.decorators import button, display
from tenants.admin.pages import ask
from tenants.admin.scoping import TenantScopedAdmin, is_superuser, tenants_with
from tenants.admin.texts import dearer
from tenants.models import Channel
from tenants.texts.checking import without_values
from tenants.texts.length import length_of

LIST = "admin:messaging_template_changelist"
STATUSES = {"ENABLE": "success", "PENDING_REVIEW": "info", "REJECT": "danger", "DISABLE": "danger", "DELETE": "danger"}
QUALITIES = {"HIGH": "success", "MEDIUM": "warning", "LOW": "danger"}


class _ChannelsField(forms.ModelMultipleChoiceField):  # type: ignore[type-arg]
    """Channels, each named with its tenant."""

    def label_from_instance(self, obj: Any) -> str:
        return f"{obj.tenant}: {obj}"


class SyncForm(forms.Form):
    """Which channels to sync."""

    channels = _ChannelsField(
        Channel.objects.none(), label=_("channels"), widget=UnfoldAdminCheckboxSelectMultipleWidget
    )


@admin.register(Template)
class TemplateAdmin(TenantScopedAdmin):
    """Approved contents. What a provider lists comes by a sync, others are entered by hand."""

    list_display = ("name", "code", "message_class", "shown_status", "shown_quality", "price", "shown_stop", "tenant")
    list_filter = ("message_class", "status", "tenant")
    search_fields = ("name", "code", "tenant__name")
    list_select_related = ("tenant",)
    inlines = (MappingInline,)
    fields = (
        "tenant",
        "name",
        "code",
        "message_class",
        "tag",
        "status",
        "quality",
        "shown_stop",
        "timeout",
        "price",
        "shown_parameters",
        "preview_url",
        "shown_synced",
    )
    readonly_fields = tuple(name for name in fields if name != "message_class")
    actions_list = ("sync",)
    actions_detail = ("test_send", "preview", "resume")

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **options: Any) -> Any:
        if _by_hand(obj):
            options["form"] = HandForm
        return super().get_form(request, obj, change, **options)

    def get_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        if obj is None:
            return ("tenant", "code", "name", "message_class", "timeout", "names")
        own = {"shown_parameters": "names"} if _by_hand(obj) and self.has_change_permission(request, obj) else {}
        return [own.get(name, name) for name in self.fields]

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        if obj is None:
            return ()
        by_hand = {"name", "timeout"} if _by_hand(obj) else set()
        return tuple(name for name in super().get_readonly_fields(request, obj) if name not in by_hand)

    def get_inlines(self, request: HttpRequest, obj: Any) -> Any:
        return self.inlines if obj is not None else ()

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_resume_permission(self, request: HttpRequest, row: Any = None) -> bool:
        """Return whether there is something to resume, and the user may."""
        template = row if isinstance(row, Template) or row is None else self.get_object(request, str(row))
        return template is not None and template.is_stopped and self.has_use_permission(request, template)

    def save_model(self, request: HttpRequest, obj: Template, form: Any, change: bool) -> None:
        super().save_model(request, obj, form, change)
        resolve.forget(obj.tenant_id)

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        super().save_related(request, form, formsets, change)
        mappings.forget()
        resolve.forget(form.instance.tenant_id)
        for mapping in form.instance.mappings.select_related("channel").exclude(text=""):
            if warning := dearer(length_of(without_values(mapping.text), plain=False)):
                messages.warning(request, f"{mapping.channel}: {warning}")

    @display(description=_("status"), label=STATUSES)
    def shown_status(self, template: Template) -> tuple[str, str]:
        return template.status, template.status

    @display(description=_("quality"), label=QUALITIES)
    def shown_quality(self, template: Template) -> tuple[str, str]:
        return template.quality, template.quality or "—"

    @display(description=_("stopped because"))
    def shown_stop(self, template: Template) -> str:
        return " ".join(part for part in (template.stop_code, template.stop_reason) if part) or "—"

    @display(description=_("synced"))
    def shown_synced(self, template: Template) -> str:
        return moment(template.synced_at, template.tenant.time_zone)

    @display(description=_("parameters"))
    def shown_parameters(self, template: Template) -> str | SafeString:
        if not template.parameters:
            return "—"
        rows = format_html_join(
            "",
            "<tr><td>{}</td><td>{}</td><td>{}</td><td>{}</td></tr>",
            (
                (
                    parameter["name"],
                    str(parameter.get("type", "")).lower(),
                    gettext("required") if parameter.get("required", True) else gettext("optional"),
                    _length(parameter),
                )
                for parameter in template.parameters
            ),
        )
        heads = format_html_join(
            "", "<th>{}</th>", ((h,) for h in (_("name"), _("type"), _("needed"), _("characters")))
        )
        return format_html('<table class="ngw-table"><thead><tr>{}</tr></thead><tbody>{}</tbody></table>', heads, rows)

    @button(description=_("Sync with the provider"), url_path="sync", permissions=["use"], icon="sync")
    def sync(self, request: HttpRequest) -> HttpResponse:
        channels = Channel.objects.filter(kind__in=SYNCED).select_related("tenant").order_by("tenant__name", "name")
        if not is_superuser(request):
            channels = channels.filter(tenant__in=tenants_with(request, self.use_roles))
        form = SyncForm(request.POST or None, initial={"channels": channels})
        field = form.fields["channels"]
        assert isinstance(field, forms.ModelMultipleChoiceField)  # noqa: S101  declared above
        field.queryset = channels
        if not form.is_valid():
            context = self.admin_site.each_context(request) | {
                "title": gettext("Sync templates"), "form": form, "opts": self.opts, "media": self.media + form.media,
            }  # fmt: skip
            return TemplateResponse(request, "messaging/sync.html", context)
        for channel in form.cleaned_data["channels"]:
            _tell(request, sync_channel(channel.pk)._replace(channel=f"{channel.tenant}: {channel}"))
        return redirect(LIST)

    @button(description=_("Send a test message"), url_path="test", permissions=["use"], icon="send")
    def test_send(self, request: HttpRequest, object_id: str) -> HttpResponse:
        template = self.get_object(request, object_id)
        form = TestSendForm(template, request.POST or None)
        if form.is_valid():
            message_id = form.send()
            if message_id is not None:
                messages.success(request, gettext("The message is accepted; this page tells what becomes of it."))
                return redirect("admin:messaging_message_change", message_id)
        return ask(
            self,
            request,
            template,
            title=gettext("Send a test message"),
            text=gettext("It takes the same way as a message of the API, and its page shows each step."),
            button=gettext("Send"),
            form=form,
        )

    @button(description=_("Where would this go?"), url_path="preview", permissions=["use"], icon="alt_route")
    def preview(self, request: HttpRequest, object_id: str) -> HttpResponse:
        return preview_page(self, request, self.get_object(request, object_id))

    @button(description=_("Resume"), url_path="resume", permissions=["resume"], icon="play_arrow")
    def resume(self, request: HttpRequest, object_id: str) -> HttpResponse:
        template = self.get_object(request, object_id)
        if request.method != "POST":
            text = template.stop_reason or gettext("The template is not stopped.")
            title, label = gettext("Resume this template?"), gettext("Resume")
            return ask(self, request, template, title=title, text=text, button=label)
        if resume_template(template):
            self.log_change(request, template, gettext("Resumed."))
            messages.success(request, gettext("The template is sent again."))
        else:
            messages.info(request, gettext("The template was not stopped."))
        return redirect("admin:messaging_template_change", object_id)


def _by_hand(template: Template | None) -> bool:
    """Return whether people enter the template, because no provider has told it."""
    return template is None or template.synced_at is None


def _length(parameter: dict[str, Any]) -> str:
    shortest, longest = parameter.get("minLength") or 0, parameter.get("maxLength") or 0
    return f"{shortest}-{longest}" if longest else f"{shortest}+"


def _tell(request: HttpRequest, report: SyncReport) -> None:
    if report.error:
        messages.error(request, f"{report.channel}: {report.error}")
        return
    text = gettext("%(channel)s: %(found)d templates found, %(created)d new, %(updated)d updated, %(gone)d gone.")
    messages.success(request, text % report._asdict())
    if report.failed:
        text = gettext("%(channel)s: the details of %(ids)s could not be read.")
        messages.warning(request, text % {"channel": report.channel, "ids": ", ".join(report.failed)})
