"""`manage.py import_suppressions`: opt-outs from a CSV file."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from messaging.recipients.files import COLUMNS, Unreadable, import_suppressions
from tenants.models import Tenant


class Command(BaseCommand):
    help = f"Suppress the persons of a CSV file with the columns {', '.join(COLUMNS)}; only `to` is needed."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """See the help of each."""
        parser.add_argument("--tenant", required=True, help="the tenant's short name")
        parser.add_argument("--file", required=True, help="a CSV file in UTF-8")

    def handle(self, *args: Any, **options: Any) -> None:
        """Prints how many rows were taken; bad rows go to standard error. Raises CommandError with one line."""
        tenant = Tenant.objects.filter(slug=options["tenant"]).first()
        if tenant is None:
            raise CommandError(f"there is no tenant {options['tenant']}")
        try:
            with Path(options["file"]).open(encoding="utf-8", newline="") as lines:
                imported = import_suppressions(tenant, lines)
        except (OSError, Unreadable) as error:
            raise CommandError(str(error)) from None
        for bad in imported.bad:
            self.stderr.write(f"row {bad.row}, {bad.column}: {bad.reason}")
        self.stdout.write(f"{imported.taken} rows taken, {imported.left_out} left out")
