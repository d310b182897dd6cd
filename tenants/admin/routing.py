from typing import Any

from django import forms
from django.contrib import admin, messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from unfold.widgets import UnfoldAdminTextInputWidget

from tenants.admin.decorators import button, display
from tenants.admin.pages import ask
from tenants.admin.scoping import TenantScopedAdmin, TenantScopedStack
from tenants.admin.steps import StepForm
from tenants.admin.texts import dearer, shown_length
from tenants.models import Channel, Route, RouteStep
from tenants.runtime import forget, resume_channel, stop_channel
from tenants.texts.checking import without_values
from tenants.texts.length import length_of

STOPPED_BY_HAND = "stopped_by_hand"


class StopForm(forms.Form):
    """Why a channel is stopped."""

    reason = forms.CharField(
        label=_("Reason"),
        max_length=500,
        widget=UnfoldAdminTextInputWidget,
        help_text=_("Shown to everybody who asks why messages wait."),
    )


@admin.register(Channel)
class ChannelAdmin(TenantScopedAdmin):
    """Sending paths; an operator may stop and resume them."""

    list_display = ("name", "kind", "account", "tenant", "state_label", "stop_reason")
    list_filter = ("kind", "state", "tenant")
    search_fields = ("name", "account__name", "tenant__name")
    list_select_related = ("account", "tenant")
    fieldsets = (
        (None, {"fields": ("tenant", "name", "kind", "account", "hash_phone")}),
        (
            _("Rate and hours"),
            {
                "fields": ("rate_amount", "rate_unit", "max_in_flight", "night_rules"),
                "description": _("Counted for this channel alone; the account's own limits hold beside them."),
            },
        ),
        (_("State"), {"fields": ("shown_state", "stop_code", "stop_reason", "stopped_at")}),
    )
    readonly_fields = ("shown_state", "stop_code", "stop_reason", "stopped_at")
    actions_detail = ("stop", "resume")

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        fields = super().get_readonly_fields(request, obj)
        return (*fields, "kind") if obj is not None else fields

    @display(description=_("state"), label={"active": "success", "stopped": "danger"})
    def state_label(self, channel: Channel) -> tuple[str, str]:
        return channel.state, channel.get_state_display()

    @display(description=_("state"))
    def shown_state(self, channel: Channel) -> str:
        return channel.get_state_display()

    def save_model(self, request: HttpRequest, obj: Channel, form: Any, change: bool) -> None:
        super().save_model(request, obj, form, change)
        forget(obj.pk)

    @button(description=_("Stop"), url_path="stop", permissions=["use"], icon="pause")
    def stop(self, request: HttpRequest, object_id: str) -> HttpResponse:
        channel = self.get_object(request, object_id)
        form = StopForm(request.POST or None)
        if not form.is_valid():
            text = gettext("Messages of this channel wait until it is resumed, or until their validity ends.")
            return ask(
                self,
                request,
                channel,
                title=gettext("Stop this channel?"),
                text=text,
                button=gettext("Stop"),
                form=form,
            )
        if stop_channel(channel.pk, STOPPED_BY_HAND, form.cleaned_data["reason"]):
            self.log_change(request, channel, gettext("Stopped: %(reason)s") % form.cleaned_data)
            messages.success(request, gettext("The channel is stopped."))
        else:
            messages.info(request, gettext("The channel was stopped already."))
        return redirect("admin:tenants_channel_change", object_id)

    @button(description=_("Resume"), url_path="resume", permissions=["use"], icon="play_arrow")
    def resume(self, request: HttpRequest, object_id: str) -> HttpResponse:
        channel = self.get_object(request, object_id)
        if request.method != "POST":
            text = channel.stop_reason or gettext("The channel is active.")
            return ask(
                self, request, channel, title=gettext("Resume this channel?"), text=text, button=gettext("Resume")
            )
        if resume_channel(channel.pk):
            self.log_change(request, channel, gettext("Resumed."))
            messages.success(request, gettext("The channel sends again."))
        else:
            messages.info(request, gettext("The channel is active already."))
        return redirect("admin:tenants_channel_change", object_id)


class StepInline(TenantScopedStack):
    """The channels of a route, in their order, and when a message goes on from each."""

    model = RouteStep
    form = StepForm
    fields = (
        ("position", "channel", "weight", "deadline"),
        "go_on_after",
        ("when_stopped", "when_out_of_quota", "when_closed"),
        "text",
        "shown_length",
        ("sender", "validity", "plain"),
    )
    readonly_fields = ("shown_length",)
    ordering = ("position",)

    @display(description=_("length of the SMS"))
    def shown_length(self, step: RouteStep) -> str:
        return shown_length(step.text, plain=step.plain)


@admin.register(Route)
class RouteAdmin(TenantScopedAdmin):
    """Ordered lists of channels."""

    list_display = ("name", "tenant", "shown_steps")
    list_filter = ("tenant",)
    search_fields = ("name", "tenant__name", "steps__channel__name")
    list_select_related = ("tenant",)
    inlines = (StepInline,)
    # Labels stand above their fields: a step has several in a line.
    compressed_fields = False

    def get_queryset(self, request: HttpRequest) -> Any:
        return super().get_queryset(request).prefetch_related("steps__channel")

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        super().save_related(request, form, formsets, change)
        for step in form.instance.steps.select_related("channel").exclude(text=""):
            length = length_of(without_values(step.text), plain=step.plain)
            if length.dearer:
                messages.warning(request, f"{step.channel}: {dearer(length)}")

    @display(description=_("steps"))
    def shown_steps(self, route: Route) -> str:
        return " → ".join(step.channel.name for step in route.steps.all()) or "—"
