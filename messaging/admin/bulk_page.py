"""The page of one bulk: where it stands, how far it is, and the buttons that are left."""

from typing import TYPE_CHECKING, Any, Final
from zoneinfo import ZoneInfo

import msgspec
from django.contrib import messages
from django.core.exceptions import BadRequest
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from messaging.admin.bulk_form import BulkForm, day_names, hours_of
from messaging.admin.campaigns.forms import SPEEDS
from messaging.admin.showing import bar, moment
from messaging.bulk_counts import HALTED
from messaging.bulks.changing import change_bulk
from messaging.bulks.errors import LOADING, CannotChange, Why
from messaging.bulks.progress import count_by_state, estimate_end
from messaging.bulks.reading import BulkView, read_bulk
from messaging.bulks.status import set_status
from messaging.intake.errors import Refused
from messaging.models import Bulk

if TYPE_CHECKING:
    from messaging.admin.bulks import BulkAdmin

Progress = Bulk.Progress
COLOURS: Final = {
    Progress.PROCESSING: "primary",
    Progress.PAUSED: "warning",
    Progress.CANCELED: "default",
    Progress.FINISHED: "success",
}
_ACTIONS: Final = {"pause": Progress.PAUSED, "resume": Progress.PROCESSING, "cancel": Progress.CANCELED}
_DONE: Final = {
    "pause": gettext_lazy("The bulk is paused."),
    "resume": gettext_lazy("The bulk goes on."),
    "cancel": gettext_lazy("The bulk is cancelled; what has left already goes on to its end."),
}
_REASONS: Final = {
    LOADING: gettext_lazy("A campaign still loads its recipients; it goes on when all are loaded."),
    HALTED: gettext_lazy("It has paused itself: too many messages failed."),
}
_WHY: Final = {
    Why.FINISHED: gettext_lazy("Each message of the bulk has ended; nothing is left to change."),
    Why.CANCELED: gettext_lazy("The bulk was cancelled; nothing is left to change."),
    Why.LOADING: _REASONS[LOADING],
}


def read(row: Bulk) -> BulkView:
    """Return the row as the engine sees it. Raises Http404."""
    bulk = read_bulk(row.tenant_id, row.pk)
    if bulk is None:
        raise Http404
    return bulk


def page(admin: "BulkAdmin", request: HttpRequest, row: Bulk, form: BulkForm | None = None) -> HttpResponse:
    """Return the page; a form that was refused is shown again."""
    bulk = read(row)
    zone = ZoneInfo(row.tenant.time_zone)
    buttons = _buttons(bulk) if admin.has_use_permission(request, row) else []
    form = (form or BulkForm(bulk, zone)) if buttons else None
    context = admin.admin_site.each_context(request) | {
        "title": _("Bulk"),
        "opts": admin.opts,
        "original": row,
        "progress": progress(row, bulk),
        "progress_url": reverse("admin:messaging_bulk_progress", args=[row.pk]),
        "buttons": buttons,
        "facts": _facts(row, bulk, zone),
        "form": form,
        "media": admin.media + form.media if form else admin.media,
        "zone": zone.key,
    }
    return TemplateResponse(request, "messaging/bulk.html", context)


def progress(row: Bulk, bulk: BulkView) -> dict[str, Any]:
    """Return what the bar shows, in words and numbers; `moving` says that it is worth asking again."""
    by_state = count_by_state(bulk)
    return {
        "state": str(bulk.state.label),
        "colour": COLOURS[bulk.state],
        "reason": _reason(bulk),
        "moving": bulk.is_open,
        "facts": [
            (_("Messages"), f"{bulk.total:,}"),
            (_("The last will have left"), moment(estimate_end(bulk, by_state), row.tenant.time_zone)),
        ],
        "parts": bar(by_state, bulk.total),
    }


def steered(admin: "BulkAdmin", request: HttpRequest, row: Bulk) -> HttpResponse:
    """Do what the pressed button says and go back to the page. Raises BadRequest for a button that is none."""
    action = request.POST.get("action", "")
    if action not in _ACTIONS:
        raise BadRequest
    try:
        set_status(row.tenant_id, row.pk, _ACTIONS[action], request.user.get_username())
    except CannotChange as error:
        messages.warning(request, _WHY[error.why])
    else:
        admin.log_change(request, row, str(_DONE[action]))
        messages.success(request, _DONE[action])
    return redirect("admin:messaging_bulk_change", row.pk)


def changed(admin: "BulkAdmin", request: HttpRequest, row: Bulk) -> HttpResponse:
    """Change speed and hours of what is left as the form says; show the form again where that is refused."""
    form = BulkForm(read(row), ZoneInfo(row.tenant.time_zone), request.POST)
    if not form.is_valid():
        return page(admin, request, row, form)
    wanted = msgspec.json.encode(form.wanted())
    try:
        change_bulk(row.tenant_id, row.pk, wanted)
    except Refused as refused:
        for error in refused.errors:
            form.refuse(error.field, error.message)
        return page(admin, request, row, form)
    except CannotChange as error:
        messages.warning(request, _WHY[error.why])
    else:
        admin.log_change(request, row, wanted.decode())
        messages.success(request, _("The rest goes like this from now on."))
    return redirect("admin:messaging_bulk_change", row.pk)


def _buttons(bulk: BulkView) -> list[tuple[str, str]]:
    """Return action and label of what may be pressed now."""
    if bulk.state in (Progress.FINISHED, Progress.CANCELED):
        return []
    cancel = ("cancel", _("Cancel the bulk"))
    if bulk.state_reason == LOADING:
        return [cancel]
    return [("resume", _("Resume")) if bulk.state is Progress.PAUSED else ("pause", _("Pause")), cancel]


def _reason(bulk: BulkView) -> str:
    detail = bulk.state_detail or {}
    said = str(_REASONS.get(bulk.state_reason, bulk.state_reason))
    if bulk.state_reason == HALTED and "failures" in detail:
        said = f"{said} {_('%(failures)s of %(left)s that left.') % detail}"
    return said


def _facts(row: Bulk, bulk: BulkView, zone: ZoneInfo) -> list[tuple[str, str]]:
    """Return label and value, what is empty left out."""
    hours, speed = hours_of(bulk, zone), bulk.speed
    days = day_names(hours.days) or _("each day") if hours else ""
    facts = [
        (_("Tenant"), row.tenant.name),
        (_("Bulk id"), bulk.id.hex),
        (_("Accepted"), moment(bulk.created_at, zone.key)),
        (_("To be sent"), moment(bulk.send_at, zone.key) if bulk.send_at else ""),
        (_("Hours"), f"{hours.opens:%H:%M} – {hours.closes:%H:%M}, {days}" if hours else _("at any hour")),
        (_("Speed"), f"{speed.amount:,} {dict(SPEEDS).get(speed.unit.value, speed.unit)}" if speed else _("no limit")),
        (_("Halts"), _halts(bulk)),
    ]
    return [(label, str(value)) for label, value in facts if value]


def _halts(bulk: BulkView) -> str:
    if bulk.halt_after_failures is None:
        return ""
    numbers = {"failures": bulk.halt_after_failures, "percent": bulk.halt_above_percent or 0}
    return _("after %(failures)s failures, if more than %(percent)s %% failed") % numbers
