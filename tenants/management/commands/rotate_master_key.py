from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from tenants.rotation import BATCH, keys_in_use, reseal, sealed_tables
from tenants.sealing import current_key


class Command(BaseCommand):
    """Seals every secret and data key under the first key of GATEWAY_MASTER_KEYS."""

    help = (
        "Seal every secret and data key under the first key of GATEWAY_MASTER_KEYS. Put the new key first and keep the "
        "old ones behind it in all processes, restart them, then run this; it may be stopped and run again."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--batch", type=int, default=BATCH, help="rows a transaction (default: %(default)s)")

    def handle(self, *args: Any, **options: Any) -> None:
        for table in sealed_tables():
            try:
                count = reseal(table, options["batch"])
            except KeyError as error:
                raise CommandError(
                    f"{table.model._meta.verbose_name}: master key {error.args[0]} is not in GATEWAY_MASTER_KEYS"
                ) from error
            self.stdout.write(f"{table.model._meta.verbose_name_plural}: {count} sealed again")
        others = sorted(set(keys_in_use()) - {current_key()})
        if others:
            numbers = ", ".join(map(str, others))
            raise CommandError(f"rows under the keys {numbers} were written meanwhile; run it again")
        self.stdout.write(f"everything is under key {current_key()}; older keys may be taken away")
