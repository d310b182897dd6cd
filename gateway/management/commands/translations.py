"""`manage.py translations`: compile the catalogues, and name the texts that have no translation yet."""

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

from gateway.translating.catalogue import compile_mo, read_po
from gateway.translating.found import texts


class Command(BaseCommand):
    help = "Compile gateway/locale/*/LC_MESSAGES/django.po and list the texts without a translation."
    requires_system_checks = []

    def handle(self, *args: Any, **options: Any) -> None:
        """Writes a `.mo` file beside each `.po` file."""
        wanted = texts(Path(settings.BASE_DIR))
        for po in sorted(Path(settings.LOCALE_PATHS[0]).glob("*/LC_MESSAGES/django.po")):
            entries = read_po(po.read_text(encoding="utf-8"))
            po.with_suffix(".mo").write_bytes(compile_mo(entries))
            missing = sorted(wanted - {entry.text for entry in entries if all(entry.translations)})
            self.stdout.write(f"{po.parts[-3]}: {len(entries) - 1} translated, {len(missing)} missing")
            for text in missing:
                self.stdout.write(f"  {text!r}")
