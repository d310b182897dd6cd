"""`manage.py campaign_status`: where a campaign stands."""

import json
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from messaging.campaigns.status import status_of
from messaging.models import Campaign


class Command(BaseCommand):
    help = "Print where a campaign stands; --json prints {id,state,total,byState,etaAt} in one line."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("id", type=int)
        parser.add_argument("--json", action="store_true")

    def handle(self, *args: Any, **options: Any) -> None:
        """Writes the status of the campaign's last run. Raises CommandError where there is no such campaign."""
        campaign = Campaign.objects.filter(pk=options["id"]).first()
        if campaign is None:
            raise CommandError(f"there is no campaign {options['id']}")
        status = status_of(campaign)
        eta = status.eta_at.isoformat() if status.eta_at else None
        if options["json"]:
            told = {"id": str(status.id), "state": status.state, "total": status.total, "byState": status.by_state}
            self.stdout.write(json.dumps(told | {"etaAt": eta}))
            return
        self.stdout.write(f"{campaign.name}: {status.state}, {status.total} messages, the last leaves at {eta or '?'}")
        for word, count in status.by_state.items():
            self.stdout.write(f"  {word:<14} {count}")
        if status.run and status.run.reason:
            self.stdout.write(f"  {status.run.reason}")
