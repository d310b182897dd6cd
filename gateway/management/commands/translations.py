"""`manage.py translations`: compile the catalogues, and name the texts that have no translation yet."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from gateway.translating.catalogue import compile_mo, read_po
from gateway.translating.found import texts


class Command(BaseCommand):
    help = "Compile gateway/locale/*/LC_MESSAGES/django.po and list the texts without a translation."
    requires_system_checks = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        """`--check` writes nothing."""
        parser.add_argument("--check", action="store_true", help="write nothing; fail if a text has no translation")

    def handle(self, *args: Any, **options: Any) -> None:
        """Writes a `.mo` file beside each `.po` file. With `--check` raises CommandError where a text is missing."""
        complete = True
        wanted = texts(Path(settings.BASE_DIR))
        for po in sorted(Path(settings.LOCALE_PATHS[0]).glob("*/LC_MESSAGES/django.po")):
            entries = read_po(po.read_text(encoding="utf-8"))
            if not options["check"]:
                po.with_suffix(".mo").write_bytes(compile_mo(entries))
            missing = sorted(wanted - {entry.text for entry in entries if all(entry.translations)})
            self.stdout.write(f"{po.parts[-3]}: {len(entries) - 1} translated, {len(missing)} missing")
            for text in missing:
                self.stdout.write(f"  {text!r}")
            complete = complete and not missing
        if options["check"] and not complete:
            raise CommandError("not every text is translated")
