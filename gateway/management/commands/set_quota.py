"""`manage.py set_quota`: how many messages of a tenant, a channel or a template may go in a day or month."""

from argparse import ArgumentParser, ArgumentTypeError
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from messaging.quotas.setting import QuotaRefused, channel_named, clear_quotas, set_quota, template_named
from messaging.quotas.standing import Standing, standings
from tenants.models import Quota, Tenant

LARGEST = 2_147_483_647


def _limit(text: str) -> int:
    if not text.isdecimal() or int(text) > LARGEST:
        raise ArgumentTypeError(f"{text} is not a number from 0 to {LARGEST}")
    return int(text)


class Command(BaseCommand):
    help = "Set, clear or (without --limit and --clear) show the quotas of a tenant. Holds from the next claim on."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """See the help of each."""
        parser.add_argument("--tenant", required=True, help="the tenant's short name")
        parser.add_argument("--limit", type=_limit, help="messages in each period")
        parser.add_argument("--period", choices=Quota.Period.values, help="day (default) or month of the tenant's zone")
        parser.add_argument(
            "--on-limit", choices=Quota.OnLimit.values, default="hold", help="what becomes of messages over it"
        )
        parser.add_argument("--channel", help="id or name: a quota of this channel")
        parser.add_argument("--template", help="id as clients send it: a quota of this template")
        parser.add_argument(
            "--clear",
            action="store_true",
            help="remove the quota (--limit then says nothing), of both periods if none is named",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Prints the tenant's quotas as they stand afterwards. Raises CommandError with one line."""
        tenant = Tenant.objects.filter(slug=options["tenant"]).first()
        if tenant is None:
            raise CommandError(f"there is no tenant {options['tenant']}")
        try:
            self._change(tenant, options)
        except QuotaRefused as error:
            raise CommandError(str(error)) from None
        found = standings(tenant)
        for standing in found:
            self.stdout.write(f"{tenant.slug}: {_line(standing)}")
        if not found:
            self.stdout.write(f"{tenant.slug}: no quota")

    def _change(self, tenant: Tenant, options: dict[str, Any]) -> None:
        channel = channel_named(tenant, options["channel"]) if options["channel"] else None
        template = template_named(tenant, options["template"]) if options["template"] else None
        if options["clear"]:
            clear_quotas(tenant, period=options["period"], channel=channel, template=template)
        elif options["limit"] is not None:
            set_quota(
                tenant,
                options["limit"],
                period=options["period"] or Quota.Period.DAY,
                on_limit=options["on_limit"],
                channel=channel,
                template=template,
            )


def _line(standing: Standing) -> str:
    of = f" over {standing.scope} {standing.name}" if standing.name else ""
    return (
        f"{standing.limit} messages a {standing.period}{of}, then {standing.on_limit}; "
        f"{standing.used} used, resets {standing.resets_at.isoformat()}"
    )
