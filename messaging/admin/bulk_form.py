"""The form of a bulk's speed and hours. Its times and days are those of the tenant's zone, the bulk's are UTC."""

from collections.abc import Iterable
from datetime import UTC, datetime, time, tzinfo
from typing import Any, Final
from zoneinfo import ZoneInfo

import msgspec
from django import forms
from django.utils.dates import WEEKDAYS
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from unfold.widgets import UnfoldAdminCheckboxSelectMultipleWidget, UnfoldAdminSingleTimeWidget

from messaging.admin.campaigns.forms import SpeedForm
from messaging.bulks.changing import BulkChange
from messaging.bulks.reading import BulkView
from messaging.intake.request import ClockTime, DayName, DeliveryTimeWindow, SpeedUnit
from messaging.policies.delivery_window import DAYS
from tenants import clock

_PLACES: Final = {"sendingSpeedLimit": "speed", "deliveryTimeWindow": "opens"}


class Hours(msgspec.Struct, frozen=True):
    """A window of each week; no days: it opens each day."""

    opens: time
    closes: time
    days: list[str]


def hours_of(bulk: BulkView, zone: ZoneInfo) -> Hours | None:
    """Return the bulk's own window in `zone`, as its clocks go today."""
    window = bulk.window
    if window is None:
        return None
    opens, closes = (time(window[end]["hour"], window[end].get("minute", 0)) for end in ("from", "to"))
    return _moved(Hours(opens, closes, window.get("days") or []), UTC, zone)


def day_names(days: Iterable[str]) -> str:
    """Return names of days as people read them."""
    return ", ".join(str(WEEKDAYS[DAYS.index(day)]) for day in days)


class BulkForm(SpeedForm):
    """How fast and at which hours the rest of a bulk goes."""

    opens = forms.TimeField(label=_("send from"), required=False, widget=UnfoldAdminSingleTimeWidget)
    closes = forms.TimeField(
        label=_("until"),
        required=False,
        widget=UnfoldAdminSingleTimeWidget,
        help_text=_("At least an hour later; both empty: at any hour."),
    )
    days = forms.MultipleChoiceField(
        label=_("on days"),
        required=False,
        choices=[(day, WEEKDAYS[number]) for number, day in enumerate(DAYS)],
        widget=UnfoldAdminCheckboxSelectMultipleWidget(attrs={"class": "ngw-box"}),
        help_text=_("The day on which it opens; none chosen: each day."),
    )

    def __init__(self, bulk: BulkView, zone: ZoneInfo, data: Any = None) -> None:
        hours = hours_of(bulk, zone)
        initial = msgspec.structs.asdict(hours) if hours else {}
        if bulk.speed:
            initial |= {"speed": bulk.speed.amount, "unit": bulk.speed.unit.value}
        super().__init__(data, initial={"unit": SpeedUnit.MINUTE.value, **initial})
        self.fields["speed"].help_text = gettext("Empty: as fast as the channels allow.")
        self._zone = zone

    def clean(self) -> dict[str, Any]:
        """Refuse half a window."""
        given: dict[str, Any] = super().clean() or {}
        times = [given.get("opens"), given.get("closes")]
        half = times.count(None) == 1 or (given.get("days") and None in times)
        if half and not self.errors:
            self.add_error("opens", gettext("Give both times, or neither and no day."))
        return given

    def wanted(self) -> BulkChange:
        """Return what a valid form changes; what nobody touched stays as it is."""
        touched, parts = set(self.changed_data), dict[str, Any]()
        if touched & {"speed", "unit"}:
            parts["sending_speed_limit"] = self.limit()
        if touched & {"opens", "closes", "days"}:
            parts["delivery_time_window"] = self._window()
        return BulkChange(**parts)

    def refuse(self, field: str, message: str) -> None:
        """Show what the change was refused for beside the field it is about."""
        self.add_error(_PLACES.get(field.split(".")[0]), message)

    def _window(self) -> DeliveryTimeWindow | None:
        data = self.cleaned_data
        if data["opens"] is None:
            return None
        hours = _moved(Hours(data["opens"], data["closes"], data["days"]), self._zone, UTC)
        ends = [ClockTime(hour=end.hour, minute=end.minute) for end in (hours.opens, hours.closes)]
        return DeliveryTimeWindow(days=[DayName(day) for day in hours.days] or None, opens=ends[0], closes=ends[1])


def _moved(hours: Hours, zone: tzinfo, to: tzinfo) -> Hours:
    """Return the hours of `zone` as clocks show them in `to`, where the opening may fall on another day."""
    today = clock.now().astimezone(zone).date()
    opens, closes = (datetime.combine(today, at, zone).astimezone(to) for at in (hours.opens, hours.closes))
    later = (opens.date() - today).days
    days = sorted((DAYS.index(day) + later) % len(DAYS) for day in hours.days)
    return Hours(opens.time(), closes.time(), [DAYS[day] for day in days])
