"""`manage.py sync_followers`: reads the followers of a tenant's official accounts into its contacts."""

from argparse import ArgumentParser
from typing import Any, Final

from django.core.management.base import BaseCommand, CommandError

from messaging.chat.followers import KIND, sync_followers
from tenants.models import Channel

PAGES: Final = 20


class Command(BaseCommand):
    help = "Read the followers of a tenant's official accounts into its contacts; goes on where it was left."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """See the help of each."""
        parser.add_argument("--tenant", required=True, help="the tenant's short name")
        parser.add_argument("--channel", help="only over this channel of the kind oa")

    def handle(self, *args: Any, **options: Any) -> None:
        """Prints a line an account. Raises CommandError where there is no such channel or a sync stopped."""
        channels = Channel.objects.filter(tenant__slug=options["tenant"], kind=KIND)
        if options["channel"]:
            channels = channels.filter(name=options["channel"])
        found = list(channels.order_by("account_id", "pk").distinct("account_id"))
        if not found:
            raise CommandError("the tenant has no such channel of the kind oa")
        for channel in found:
            self._sync(channel)

    def _sync(self, channel: Channel) -> None:
        while not (report := sync_followers(channel.pk, PAGES)).done:
            if report.error:
                raise CommandError(f"{channel}: stopped after {report.found} followers: {report.error}")
        self.stdout.write(f"{channel}: {report.found} followers")
