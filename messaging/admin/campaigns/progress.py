"""How far a campaign is, as its page shows it and as its bar asks for it every two seconds."""

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from messaging.admin.showing import bar, moment
from messaging.campaigns.status import CampaignStatus, RunStatus, Stand, status_of
from messaging.models import Campaign
from messaging.states import State

STANDS = {
    Stand.DRAFT: (gettext_lazy("draft"), "default"),
    Stand.SCHEDULED: (gettext_lazy("scheduled"), "info"),
    Stand.LOADING: (gettext_lazy("loading"), "info"),
    Stand.PROCESSING: (gettext_lazy("processing"), "primary"),
    Stand.PAUSED: (gettext_lazy("paused"), "warning"),
    Stand.CANCELED: (gettext_lazy("cancelled"), "default"),
    Stand.FINISHED: (gettext_lazy("finished"), "success"),
    Stand.FAILED: (gettext_lazy("failed"), "danger"),
}
_STATES = {state.word: state for state in State}


def progress(campaign: Campaign) -> dict[str, Any]:
    """Return what the bar shows, in words and numbers; `moving` says that it is worth asking again."""
    status = status_of(campaign)
    zone, run = campaign.tenant.time_zone, status.run
    return {
        "state": str(STANDS[status.state][0]),
        "colour": STANDS[status.state][1],
        "reason": run.reason if run else "",
        "moving": status.state not in (Stand.DRAFT, Stand.CANCELED, Stand.FINISHED, Stand.FAILED),
        "facts": _facts(status, campaign, zone),
        "parts": _parts(run) if run else [],
    }


def _parts(run: RunStatus) -> list[dict[str, Any]]:
    """Return the pieces of the bar: while loading how far that is, then messages by state."""
    if run.state is Stand.LOADING or run.share_loaded < 1:
        percent = round(100 * run.share_loaded, 1)
        return [{"word": _("loaded"), "count": run.total, "percent": percent, "colour": "info"}]
    return bar({_STATES[word]: count for word, count in run.by_state.items()}, run.total)


def _facts(status: CampaignStatus, campaign: Campaign, zone: str) -> list[tuple[str, str]]:
    run = status.run
    if run is None:
        return [(_("Rows in the file"), f"{campaign.file.rows:,}")]
    return [
        (_("Planned"), moment(run.planned_at, zone)),
        (_("Messages"), f"{run.total:,}"),
        (_("Rows in the file"), f"{run.rows:,}"),
        (_("Bad rows"), f"{run.rows_bad:,}"),
        (_("Left out as duplicates"), f"{run.rows_twice:,}"),
        (_("The last will have left"), moment(run.eta_at, zone)),
    ]
