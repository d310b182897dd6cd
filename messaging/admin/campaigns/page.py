"""The page of one campaign: how far it is, a row as it would be sent, what is wrong with rows, and the buttons."""

from typing import TYPE_CHECKING, Any

from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from messaging.admin.campaigns.forms import SpeedForm, TestForm
from messaging.admin.campaigns.progress import progress
from messaging.admin.showing import moment
from messaging.campaigns.checking import NotSendable
from messaging.campaigns.files import FIRST_ROW
from messaging.campaigns.preview import Preview, preview
from messaging.content import mask_phone
from messaging.models import Campaign, CampaignRun
from tenants.admin.scoping import may_reveal
from tenants.admin.texts import shown_parts

if TYPE_CHECKING:
    from messaging.admin.campaigns.listing import CampaignAdmin

MOST_PROBLEMS = 20
MOST_RUNS = 20


def show(
    page: "CampaignAdmin",
    request: HttpRequest,
    campaign: Campaign,
    *,
    test_form: TestForm | None = None,
    speed_form: SpeedForm | None = None,
) -> HttpResponse:
    """Return the page; forms that were refused are shown again."""
    runs = list(campaign.runs.select_related("bulk").order_by("-planned_at")[:MOST_RUNS])
    may_use = page.has_use_permission(request, campaign)
    speed = {"speed": campaign.speed_amount, "unit": campaign.speed_unit}
    shown = progress(campaign)
    context = page.admin_site.each_context(request) | {
        "title": campaign.name,
        "opts": page.opts,
        "original": campaign,
        "progress": shown,
        "progress_url": reverse("admin:messaging_campaign_progress", args=[campaign.pk]),
        "facts": _facts(campaign),
        "buttons": _buttons(campaign, shown) if may_use else [],
        "may_use": may_use,
        "may_reveal": may_reveal(request, campaign.tenant_id),
        "speed_form": (speed_form or SpeedForm(initial=speed)) if may_use else None,
        "test_form": (test_form or TestForm()) if may_use else None,
        "runs": [_run(run, campaign) for run in runs],
        "problems": list(runs[0].problems.order_by("row", "pk")[:MOST_PROBLEMS]) if runs else [],
        **_preview(request, campaign),
    }
    return TemplateResponse(request, "messaging/campaign.html", context)


def _buttons(campaign: Campaign, shown: dict[str, Any]) -> list[tuple[str, str]]:
    """Return action and label of what may be pressed now."""
    states = Campaign.State
    if campaign.state == states.DRAFT:
        return [("start", _("Start"))]
    if campaign.state == states.CANCELED or not shown["moving"]:
        return []
    halted = campaign.runs.filter(bulk__state="PAUSED", state=CampaignRun.State.LOADED).exists()
    go = ("resume", _("Resume")) if campaign.state == states.PAUSED or halted else ("pause", _("Pause"))
    return [go, ("cancel", _("Cancel the campaign"))]


def _facts(campaign: Campaign) -> list[tuple[str, str]]:
    zone = campaign.tenant.time_zone
    speed = f"{campaign.speed_amount} / {campaign.get_speed_unit_display()}" if campaign.speed_amount else ""
    facts = [
        (_("Template"), campaign.template.name),
        (_("Route"), campaign.route.name),
        (_("Recipients"), campaign.file.name),
        (_("Columns"), ", ".join(f"{column} → {parameter}" for column, parameter in campaign.mapping.items())),
        (_("Numbers that come twice"), campaign.get_duplicates_display()),
        (_("SMS that follows"), (campaign.sms_failover or {}).get("text", "")),
        (_("To be sent"), moment(campaign.send_at, zone) if campaign.send_at else ""),
        (_("Repeats"), campaign.crontab or (f"{campaign.every} s" if campaign.every else "")),
        (_("Speed"), speed),
        (_("Be done within"), str(campaign.finish_within) if campaign.finish_within else ""),
        (_("Test"), _("yes: it goes to the sandbox") if campaign.test else ""),
        (_("Made by"), campaign.created_by),
        (_("Made"), moment(campaign.created_at, zone)),
    ]
    return [(label, value) for label, value in facts if value]


def _run(run: CampaignRun, campaign: Campaign) -> dict[str, Any]:
    bulk = reverse("admin:messaging_bulk_change", args=[run.bulk_id])
    planned = moment(run.planned_at, campaign.tenant.time_zone)
    return {"id": run.pk, "planned": planned, "state": run.get_state_display(), "total": run.bulk.total, "bulk": bulk}


def _preview(request: HttpRequest, campaign: Campaign) -> dict[str, Any]:
    """Return the chosen row as it would be sent; numbers and values in clear for those who may see them."""
    text = request.GET.get("row", "")
    row = int(text) if text.isdigit() and len(text) <= 8 else FIRST_ROW
    try:
        found = preview(campaign, row)
    except NotSendable as error:
        return {"row": row, "cannot": str(error)}
    if found is None:
        return {"row": row, "cannot": _("The file has no such row.")}
    return {"row": row, "preview": _shown(found, campaign, may_reveal(request, campaign.tenant_id))}


def _shown(found: Preview, campaign: Campaign, reveal: bool) -> dict[str, Any]:
    to = found.to or ""
    return {
        "to": to if reveal or not to else mask_phone(to),
        "values": [(name, value if reveal else "•••") for name, value in found.values.items()],
        "channel": found.channel,
        "leaves": moment(found.leaves_at, campaign.tenant.time_zone),
        "sms": shown_parts(found.sms) if found.sms else "",
        "problems": found.problems,
    }
