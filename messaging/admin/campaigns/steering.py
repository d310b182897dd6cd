"""The buttons of a campaign's page."""

from typing import TYPE_CHECKING

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from messaging.admin.campaigns import page as pages
from messaging.admin.campaigns.forms import SpeedForm, TestForm
from messaging.campaigns.checking import NotSendable
from messaging.campaigns.control import ACTIONS, set_speed
from messaging.campaigns.creating import start_campaign
from messaging.campaigns.errors import Conflict
from messaging.campaigns.preview import send_test
from messaging.intake.errors import Refused
from messaging.intake.steering import read_speed
from messaging.models import Campaign

if TYPE_CHECKING:
    from messaging.admin.campaigns.listing import CampaignAdmin


def steer(page: "CampaignAdmin", request: HttpRequest, campaign: Campaign) -> HttpResponse:
    """Do what the pressed button says and go back to the page."""
    action, by = request.POST.get("action", ""), request.user.get_username()
    try:
        if action == "start":
            start_campaign(campaign)
        elif action == "speed":
            return _speed(page, request, campaign, by)
        elif action in ACTIONS:
            ACTIONS[action](campaign.tenant_id, campaign.pk, by)
    except Conflict as error:
        messages.warning(request, str(error))
    else:
        page.log_change(request, campaign, action[:20])
    return redirect("admin:messaging_campaign_change", campaign.pk)


def test(page: "CampaignAdmin", request: HttpRequest, campaign: Campaign) -> HttpResponse:
    """Send a row's message to the number of the form and show what becomes of it."""
    form = TestForm(request.POST)
    if form.is_valid():
        try:
            to, row = form.cleaned_data["to"], form.cleaned_data["row"]
            message_id = send_test(campaign, row, to, test=campaign.test)
        except Refused as refused:
            for error in refused.errors:
                form.add_error(None, error.message)
        except (Conflict, NotSendable) as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, _("The message is accepted; this page tells what becomes of it."))
            return redirect("admin:messaging_message_change", message_id)
    return pages.show(page, request, campaign, test_form=form)


def _speed(page: "CampaignAdmin", request: HttpRequest, campaign: Campaign, by: str) -> HttpResponse:
    form = SpeedForm(request.POST)
    if form.is_valid():
        try:
            set_speed(campaign.tenant_id, campaign.pk, read_speed(form.limit()), by)
        except Refused as refused:
            for error in refused.errors:
                form.add_error("speed", error.message)
        else:
            page.log_change(request, campaign, "speed")
            messages.success(request, _("The new speed holds from now on."))
            return redirect("admin:messaging_campaign_change", campaign.pk)
    return pages.show(page, request, campaign, speed_form=form)
