"""`manage.py sync_templates`: ask the providers for their templates now."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from messaging.template_sync import sync_channel
from messaging.template_writing import SYNCED
from tenants.models import Channel


class Command(BaseCommand):
    help = "Bring templates, their prices and states up to date from the providers that list them."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """See the help of each."""
        parser.add_argument("--tenant", help="only of the tenant with this short name")
        parser.add_argument("--channel", help="only of channels with this name")

    def handle(self, *args: Any, **options: Any) -> None:
        """Prints a line a channel. Raises CommandError where none fits or a list could not be read."""
        channels = Channel.objects.filter(kind__in=SYNCED, tenant__is_active=True).select_related("tenant")
        for option, field in (("tenant", "tenant__slug"), ("channel", "name")):
            if options[option]:
                channels = channels.filter(**{field: options[option]})
        rows = list(channels.order_by("tenant__slug", "name"))
        if not rows:
            raise CommandError("no such channel has a provider that lists templates")
        failed = [channel for channel in rows if not self._sync(channel)]
        if failed:
            raise CommandError(f"{len(failed)} of {len(rows)} channels could not be synced")

    def _sync(self, channel: Channel) -> bool:
        report = sync_channel(channel.pk)
        name = f"{channel.tenant.slug}: {channel.name}"
        if report.error:
            self.stderr.write(f"{name}: {report.error}")
            return False
        told = f"{report.found} found, {report.created} new, {report.updated} updated, {report.gone} gone"
        self.stdout.write(f"{name}: {told}")
        for id in report.failed:
            self.stderr.write(f"{name}: the details of {id} could not be read")
        return not report.failed
