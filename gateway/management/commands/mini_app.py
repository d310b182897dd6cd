"""`manage.py mini_app`: manage Mini Apps with the platform's partner key."""

import json
from argparse import ArgumentParser
from typing import Any, Final

from django.core.management.base import BaseCommand, CommandError

from gateway.mini_apps.actions import ACTIONS, add_arguments
from gateway.mini_apps.partner import PartnerNotSet, partner_client
from providers.contract import Answer
from providers.mini_app_partner.making import FAMILIES
from providers.zalo.wording import MASK

SECRETS: Final = frozenset({"privateKey", "key1", "key2", "secretKey", "accessKey", "xApiClient"})


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
            raise CommandError(_why(answer))
        shown = answer.data if options["show_secrets"] else _masked(answer.data)
        self.stdout.write(json.dumps(shown, ensure_ascii=False, indent=2))


def _why(answer: Answer) -> str:
    if answer.error is None:
        return f"no answer of the API: {answer.reason}; look what was done before trying again"
    return f"refused with {answer.error.code}: {answer.reason}. {answer.error.advice}"


def _masked(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: MASK if name in SECRETS and each else _masked(each) for name, each in value.items()}
    return [_masked(each) for each in value] if isinstance(value, list) else value
