"""`manage.py mini_app`: manage Mini Apps with the platform's partner key."""

import json
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from gateway.mini_apps.actions import ACTIONS, add_arguments
from gateway.mini_apps.partner import PartnerNotSet, partner_client
from gateway.mini_apps.showing import masked, why
from providers.mini_app_partner.making import FAMILIES


class Command(BaseCommand):
    help = "Manage Mini Apps with MINI_APP_PARTNER_ID and MINI_APP_PARTNER_API_KEY; prints the answer as JSON."
    requires_system_checks = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        """See the help of each."""
        parser.add_argument("--sandbox", action="store_true", help="speak to the sandbox, as its own partner")
        parser.add_argument("--proxy", default="", help="host:port of a forward proxy (default MINI_APP_PROXY)")
        parser.add_argument("--family", choices=sorted(FAMILIES), default="partners", help="v2 for the older paths")
        parser.add_argument("--show-secrets", action="store_true", help="print keys of payment channels in clear")
        actions = parser.add_subparsers(dest="action", required=True, metavar="action")
        for name, action in ACTIONS.items():
            add_arguments(actions.add_parser(name, help=action.help, description=action.help), action)

    def handle(self, *args: Any, **options: Any) -> None:
        """Makes one call and prints what it answered. Raises CommandError with one line."""
        try:
            client = partner_client(sandbox=options["sandbox"], family=options["family"], proxy=options["proxy"])
            answer = client.run(ACTIONS[options["action"]].call(client, options))
        except (PartnerNotSet, ValueError, OSError) as error:
            raise CommandError(str(error)) from None
        if not answer.ok:
            raise CommandError(why(answer))
        shown = answer.data if options["show_secrets"] else masked(answer.data)
        self.stdout.write(json.dumps(shown, ensure_ascii=False, indent=2))
