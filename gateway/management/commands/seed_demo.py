"""`manage.py seed_demo`: two tenants that send over the sandbox, with keys and people; safe to repeat."""

import json
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from gateway.seeding import SeedError, seed


class Command(BaseCommand):
    help = "Seed the tenants demo and other over the sandbox, with API keys and users; safe to repeat."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """`--json` prints what was seeded, secrets too, as one line of JSON on standard output."""
        parser.add_argument("--json", action="store_true", help="print what scripts need as one line of JSON")

    def handle(self, *args: Any, **options: Any) -> None:
        """Seeds; what it is doing goes to standard error. Raises CommandError with one line."""
        try:
            seeded = seed(Path(settings.GATEWAY_HOME), self.stderr.write)
        except SeedError as error:
            raise CommandError(str(error)) from None
        if options["json"]:
            self.stdout.write(json.dumps(seeded))
            return
        self.stdout.write(f"tenant {seeded['tenant']}, route {seeded['route']}, templates:")
        for name, template_id in seeded["templates"].items():
            self.stdout.write(f"  {name:<10} {template_id}")
        self.stdout.write(f"keys and passwords are in {Path(settings.GATEWAY_HOME) / 'secrets' / 'demo.json'}")
