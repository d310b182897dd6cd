"""The form of one step of a route."""

from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from unfold.widgets import UnfoldAdminCheckboxSelectMultipleWidget

from tenants.models import RouteStep
from tenants.models.routing import usual_causes


class StepForm(forms.ModelForm):  # type: ignore[type-arg]
    """A step, with each cause to go on as a box."""

    go_on_after = forms.MultipleChoiceField(
        label=_("go on after"),
        required=False,
        choices=RouteStep.Cause.choices,
        initial=usual_causes,
        widget=UnfoldAdminCheckboxSelectMultipleWidget(attrs={"class": "ngw-box"}),
        help_text=_("Promotions never go on after an outcome that stayed unknown. None chosen: the message ends here."),
    )

    class Meta:
        model = RouteStep
        fields = (
            "position",
            "channel",
            "weight",
            "deadline",
            "go_on_after",
            "when_stopped",
            "when_out_of_quota",
            "when_closed",
            "text",
            "plain",
            "sender",
            "validity",
        )

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        told = {
            "position": gettext("From 1; equal positions share by weight."),
            "when_stopped": gettext("A person or a fault stopped the channel."),
            "when_out_of_quota": gettext("A quota here, or the provider's own, is used up."),
            "when_closed": gettext("It is night for the provider, or outside the hours set."),
        }
        for name, text in told.items():
            if name in self.fields:
                self.fields[name].help_text = text
