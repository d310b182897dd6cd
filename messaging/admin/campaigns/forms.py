"""The forms that make a campaign: what to send to whom, then how; and those of its page."""

from datetime import UTC, datetime, time
from typing import Any, Final
from zoneinfo import ZoneInfo

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from unfold.widgets import (
    UnfoldAdminFileFieldWidget,
    UnfoldAdminIntegerFieldWidget,
    UnfoldAdminSelectWidget,
    UnfoldAdminSingleDateWidget,
    UnfoldAdminSingleTimeWidget,
    UnfoldAdminTextareaWidget,
    UnfoldAdminTextInputWidget,
    UnfoldBooleanSwitchWidget,
)

from messaging.campaigns.checking import RECIPIENT
from messaging.campaigns.files import FIRST_ROW
from messaging.campaigns.request import CampaignIn, Period, Repeats, Schedule
from messaging.intake.request import (
    ClockTime,
    DeliveryTimeWindow,
    HaltOn,
    Options,
    SendingSpeedLimit,
    SmsFailover,
    SpeedUnit,
)
from messaging.models import Campaign, RecipientFile, Template
from messaging.phones import normalise
from tenants import clock
from tenants.models import Route
from tenants.texts.checking import LONGEST

# Parameters are named by the template: their fields must not collide with the form's own.
PREFIX: Final = "column-"
SPEEDS: Final = tuple((unit.value, label) for unit, label in zip(
    SpeedUnit, (_("a minute"), _("an hour"), _("a day")), strict=True
))  # fmt: skip
_PHONES: Final = ("to", "phone", "mobile", "sdt", "sđt", "số điện thoại", "so dien thoai", "điện thoại")


class _TemplateField(forms.ModelChoiceField):  # type: ignore[type-arg]
    """Templates, each named with its tenant."""

    def label_from_instance(self, obj: Any) -> str:
        return f"{obj.tenant}: {obj.name}"


class UploadForm(forms.Form):
    """What to send, and the file of those who get it."""

    name = forms.CharField(label=_("name"), max_length=200, widget=UnfoldAdminTextInputWidget)
    template = _TemplateField(Template.objects.none(), label=_("template"), widget=UnfoldAdminSelectWidget)
    file = forms.FileField(
        label=_("recipients"),
        widget=UnfoldAdminFileFieldWidget,
        help_text=_("CSV (UTF-8) or XLSX; the first row names the columns."),
    )

    def __init__(self, templates: QuerySet[Template], *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        field = self.fields["template"]
        assert isinstance(field, forms.ModelChoiceField)  # noqa: S101  declared above
        field.queryset = templates


class SpeedForm(forms.Form):
    """How fast to send; empty for as fast as the channels allow."""

    speed = forms.IntegerField(
        label=_("messages"), required=False, min_value=1, max_value=1_000_000, widget=UnfoldAdminIntegerFieldWidget
    )
    unit = forms.ChoiceField(label=_("in each"), choices=SPEEDS, widget=UnfoldAdminSelectWidget)

    def limit(self) -> SendingSpeedLimit | None:
        """Return the speed of a valid form."""
        amount = self.cleaned_data.get("speed")
        return SendingSpeedLimit(amount=amount, time_unit=SpeedUnit(self.cleaned_data["unit"])) if amount else None


class SetUpForm(SpeedForm):
    """Which column holds what, and how the campaign is sent. Times are those of the tenant's zone."""

    route = forms.ModelChoiceField(Route.objects.none(), label=_("route"), widget=UnfoldAdminSelectWidget)
    duplicates = forms.ChoiceField(
        label=_("numbers that come twice"), choices=Campaign.Duplicates.choices, widget=UnfoldAdminSelectWidget
    )
    test = forms.BooleanField(label=_("to the sandbox only"), required=False, widget=UnfoldBooleanSwitchWidget)
    start_day = forms.DateField(label=_("start on"), required=False, widget=UnfoldAdminSingleDateWidget)
    start_time = forms.TimeField(label=_("start at"), required=False, widget=UnfoldAdminSingleTimeWidget)
    crontab = forms.CharField(
        label=_("repeat"),
        required=False,
        max_length=100,
        widget=UnfoldAdminTextInputWidget,
        help_text=_("Crontab: minute, hour, day of month, month, day of week. 30 8 * * 1 is each Monday at 8:30."),
    )
    finish_within = forms.IntegerField(
        label=_("be done within hours"),
        required=False,
        min_value=1,
        max_value=48,
        widget=UnfoldAdminIntegerFieldWidget,
        help_text=_("The speed follows from it."),
    )
    opens = forms.TimeField(label=_("send from"), required=False, widget=UnfoldAdminSingleTimeWidget)
    closes = forms.TimeField(label=_("until"), required=False, widget=UnfoldAdminSingleTimeWidget)
    halt_after = forms.IntegerField(
        label=_("halt after failures"), required=False, min_value=1, widget=UnfoldAdminIntegerFieldWidget
    )
    halt_above = forms.IntegerField(
        label=_("if more than percent failed"),
        required=False,
        min_value=0,
        max_value=99,
        widget=UnfoldAdminIntegerFieldWidget,
    )

    sms_text = forms.CharField(
        label=_("text of an SMS"),
        required=False,
        max_length=LONGEST,
        widget=UnfoldAdminTextareaWidget(attrs={"rows": 2}),
        help_text=_("Follows where Zalo does not reach the person; may hold {{parameter}}."),
    )
    sms_plain = forms.BooleanField(label=_("without diacritics"), required=False, widget=UnfoldBooleanSwitchWidget)

    def __init__(self, file: RecipientFile, template: Template, name: str, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self._file, self._template, self._name = file, template, name
        self._zone = ZoneInfo(file.tenant.time_zone)
        route = self.fields["route"]
        assert isinstance(route, forms.ModelChoiceField)  # noqa: S101  declared above
        route.queryset = Route.objects.filter(tenant=file.tenant)
        route.initial = Route.objects.filter(tenant=file.tenant, name="default").first()
        columns = {
            PREFIX + parameter: _column(parameter, required, file.columns)
            for parameter, required in _parameters(template)
        }
        self.fields = {**columns, **self.fields}

    def wanted(self) -> CampaignIn:
        """Return the campaign of a valid form, as a draft."""
        data = self.cleaned_data
        mapping = {
            column: name.removeprefix(PREFIX) for name, column in data.items() if name.startswith(PREFIX) and column
        }
        halt = data["halt_after"]
        return CampaignIn(
            name=self._name,
            template_id=self._template.code,
            mapping=mapping,
            duplicates=Repeats(data["duplicates"]),
            options=Options(
                route=data["route"].name,
                send_at=self._start(),
                sending_speed_limit=self.limit(),
                delivery_time_window=self._window(),
                sms_failover=self._sms(),
                halt_on=HaltOn(failures=halt, percent=data["halt_above"] or 0) if halt else None,
            ),
            schedule=Schedule(crontab=data["crontab"]) if data["crontab"] else None,
            finish_within=Period(amount=data["finish_within"]) if data["finish_within"] else None,
            draft=True,
        )

    def refuse(self, field: str, message: str) -> None:
        """Show what the campaign was refused for beside the field it is about."""
        column = self._columns_of().get(field.removeprefix("mapping."))
        place = PREFIX + column if column else _PLACES.get(field)
        self.add_error(place if place in self.fields else None, message)

    def _columns_of(self) -> dict[str, str]:
        chosen = {name: value for name, value in self.cleaned_data.items() if name.startswith(PREFIX) and value}
        return {column: name.removeprefix(PREFIX) for name, column in chosen.items()}

    def _start(self) -> datetime | None:
        day = self.cleaned_data["start_day"]
        return datetime.combine(day, self.cleaned_data["start_time"] or time(9), self._zone) if day else None

    def _sms(self) -> SmsFailover | None:
        text = self.cleaned_data["sms_text"]
        return SmsFailover(text=text, remove_diacritics=self.cleaned_data["sms_plain"] or None) if text else None

    def _window(self) -> DeliveryTimeWindow | None:
        opens, closes = self.cleaned_data["opens"], self.cleaned_data["closes"]
        if opens is None or closes is None:
            return None
        return DeliveryTimeWindow(opens=self._utc(opens), closes=self._utc(closes))

    def _utc(self, at: time) -> ClockTime:
        today = clock.now().astimezone(self._zone).date()
        moment = datetime.combine(today, at, self._zone).astimezone(UTC)
        return ClockTime(hour=moment.hour, minute=moment.minute)


class TestForm(forms.Form):
    """A row's message to a number of one's own."""

    to = forms.CharField(label=_("phone number"), max_length=40, widget=UnfoldAdminTextInputWidget)
    row = forms.IntegerField(
        label=_("row"), min_value=FIRST_ROW, initial=FIRST_ROW, widget=UnfoldAdminIntegerFieldWidget
    )

    def clean_to(self) -> str:
        """Return the number as the gateway writes it. Raises ValidationError."""
        phone = normalise(self.cleaned_data["to"])
        if phone is None:
            raise forms.ValidationError(gettext("This is not a phone number."))
        return phone


_PLACES: Final = {
    "options.route": "route",
    "options.sendAt": "start_day",
    "options.sendingSpeedLimit": "speed",
    "options.deliveryTimeWindow": "opens",
    "options.haltOn": "halt_after",
    "options.smsFailover": "sms_text",
    "options.smsFailover.text": "sms_text",
    "schedule.crontab": "crontab",
    "finishBy": "finish_within",
}


def _parameters(template: Template) -> list[tuple[str, bool]]:
    named = [(parameter["name"], bool(parameter.get("required", True))) for parameter in template.parameters]
    return [(RECIPIENT, True), *named]


def _column(parameter: str, required: bool, columns: list[str]) -> forms.ChoiceField:
    """Return the choice of a column for a parameter, the likeliest one first."""
    likely = _PHONES if parameter == RECIPIENT else (parameter.lower(),)
    guess = next((column for column in columns if column.strip().lower() in likely), None)
    return forms.ChoiceField(
        label=gettext("phone number") if parameter == RECIPIENT else parameter,
        required=required,
        initial=guess,
        choices=[("", "—"), *((column, column) for column in columns)],
        widget=UnfoldAdminSelectWidget,
    )
