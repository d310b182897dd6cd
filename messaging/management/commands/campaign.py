"""`manage.py campaign pause|resume|cancel|speed ID [N/UNIT]`: steer a campaign while it runs."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from messaging.campaigns.control import ACTIONS, set_speed
from messaging.campaigns.errors import Conflict
from messaging.campaigns.speeds import BadSpeed, read_speed
from messaging.models import Campaign

BY = "manage.py"


class Command(BaseCommand):
    help = "Pause, resume or cancel a campaign, or change its speed; works beside a running gateway."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("action", choices=[*ACTIONS, "speed"])
        parser.add_argument("id", type=int)
        parser.add_argument("speed", nargs="?", metavar="N/UNIT", help="such as 120/MINUTE, with `speed` only")

    def handle(self, *args: Any, **options: Any) -> None:
        """Does it. Raises CommandError with one line."""
        action, speed = options["action"], options["speed"]
        campaign = Campaign.objects.filter(pk=options["id"]).first()
        if campaign is None:
            raise CommandError(f"there is no campaign {options['id']}")
        if (action == "speed") != (speed is not None):
            raise CommandError("a speed such as 120/MINUTE goes with `speed`, and only with it")
        try:
            if action == "speed":
                set_speed(campaign.tenant_id, campaign.pk, read_speed(speed), BY)
            else:
                ACTIONS[action](campaign.tenant_id, campaign.pk, BY)
        except (Conflict, BadSpeed) as error:
            raise CommandError(str(error)) from None
