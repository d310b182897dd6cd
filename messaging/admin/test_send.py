"""The form that sends one message of a template, built from the template's parameters."""

from typing import Any, Final

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from unfold.widgets import UnfoldAdminSelectWidget, UnfoldAdminTextareaWidget, UnfoldAdminTextInputWidget

from messaging.intake.accept import accept_request
from messaging.intake.errors import Refused
from messaging.intake.request import MessageIn, Options, SendRequest, SmsFailover
from messaging.models import Template
from messaging.phones import normalise
from messaging.preview.preview import Way, preview
from tenants.models import Route
from tenants.texts.checking import LONGEST

SANDBOX: Final = "sandbox"
LIVE: Final = "live"
DEVELOPMENT: Final = "development"
WHERE: Final = (
    (SANDBOX, gettext_lazy("To the sandbox: no phone receives it")),
    (DEVELOPMENT, gettext_lazy("To Zalo in development mode: only to an administrator of the app or account, free")),
    (LIVE, gettext_lazy("Live over the route's channel: the person receives it and it is charged")),
)
# Parameters are named by the template: their fields must not collide with the form's own.
PREFIX: Final = "value-"


class TestSendForm(forms.Form):
    """Recipient, way and one field for each parameter; `send` hands it to the same intake as the API."""

    to = forms.CharField(label=gettext_lazy("phone number"), max_length=40, widget=UnfoldAdminTextInputWidget)
    where = forms.ChoiceField(label=gettext_lazy("where to"), choices=WHERE, widget=UnfoldAdminSelectWidget)
    route = forms.ChoiceField(label=gettext_lazy("route"), widget=UnfoldAdminSelectWidget)

    sms_text = forms.CharField(
        label=gettext_lazy("text of an SMS"),
        required=False,
        max_length=LONGEST,
        widget=UnfoldAdminTextareaWidget(attrs={"rows": 2}),
        help_text=gettext_lazy("Follows where Zalo does not reach the person; may hold {{parameter}}."),
    )
    sms_sender = forms.RegexField(
        r"^[0-9A-Za-z]{1,20}\Z",
        label=gettext_lazy("sender of the SMS"),
        required=False,
        widget=UnfoldAdminTextInputWidget,
        help_text=gettext_lazy("Empty takes the account's."),
    )

    def __init__(self, template: Template, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self._template = template
        names = Route.objects.filter(tenant_id=template.tenant_id).values_list("name", flat=True)
        self._set_choices("route", [(name, name) for name in names])
        self.fields["to"].help_text = _("0987..., 84987... or +84987...")
        for parameter in template.parameters:
            self.fields[PREFIX + parameter["name"]] = _field(parameter)

    def clean_to(self) -> str:
        """Return the number as the gateway writes it."""
        phone = normalise(self.cleaned_data["to"])
        if phone is None:
            raise forms.ValidationError(_("This is not a phone number."))
        return phone

    def send(self) -> str | None:
        """Send what the valid form says; return the message's id (hex), or None where the intake refused it.

        What was wrong is then among the form's errors.
        """
        test = self.cleaned_data["where"] == SANDBOX
        try:
            accepted = accept_request(self._template.tenant_id, self._request(), test=test)
        except Refused as refused:
            self._tell(refused)
            return None
        return accepted.message_ids[0]

    def look(self) -> Way | None:
        """Return which way the message of the valid form would go, or None where the intake would refuse it.

        What is wrong is then among the form's errors.
        """
        test = self.cleaned_data["where"] == SANDBOX
        try:
            return preview(self._template.tenant_id, self._request(), test=test)[0]
        except Refused as refused:
            self._tell(refused)
            return None

    def _request(self) -> SendRequest:
        where = self.cleaned_data["where"]
        values = {
            name.removeprefix(PREFIX): value for name, value in self.cleaned_data.items() if name.startswith(PREFIX)
        }
        message = MessageIn(
            to=self.cleaned_data["to"],
            template_id=self._template.code,
            template_data={name: value for name, value in values.items() if value},
            mode="development" if where == DEVELOPMENT else None,
            sms_failover=self._sms(),
        )
        return SendRequest(messages=[message], options=Options(route=self.cleaned_data["route"]))

    def _sms(self) -> SmsFailover | None:
        text, sender = self.cleaned_data["sms_text"], self.cleaned_data["sms_sender"]
        return SmsFailover(text=text, sender=sender or None) if text else None

    def _tell(self, refused: Refused) -> None:
        for error in refused.errors:
            self._add(error.field, error.message)

    def _add(self, field: str, message: str) -> None:
        last = "sms_text" if ".smsFailover" in field else field.rsplit(".", 1)[-1]
        known = [name for name in (PREFIX + last, last) if name in self.fields]
        self.add_error(known[0] if known else None, message)

    def _set_choices(self, name: str, choices: list[tuple[str, str]]) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101  declared above
        field.choices = choices


def _field(parameter: dict[str, Any]) -> forms.CharField:
    shortest, longest = parameter.get("minLength") or None, parameter.get("maxLength") or None
    return forms.CharField(
        label=parameter["name"],
        required=bool(parameter.get("required", True)),
        min_length=shortest,
        max_length=longest,
        widget=UnfoldAdminTextInputWidget,
        help_text=_limits(parameter.get("type", ""), shortest, longest),
    )


def _limits(kind: str, shortest: int | None, longest: int | None) -> str:
    parts = [kind.lower()] if kind not in ("", "STRING") else []
    if shortest:
        parts.append(ngettext("at least %(n)d character", "at least %(n)d characters", shortest) % {"n": shortest})
    if longest:
        parts.append(ngettext("at most %(n)d character", "at most %(n)d characters", longest) % {"n": longest})
    return ", ".join(parts)
