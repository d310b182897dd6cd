"""`manage.py erase_person`: stops what is queued for a person and erases them from everything stored."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from messaging.chat.profiles import person_key
from messaging.phones import normalise
from messaging.recipients.erasing import count_person, erase_person
from tenants.models import Tenant


class Command(BaseCommand):
    help = "Stop what is queued for a person and erase them from every stored message, for good; opt-outs stay."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """See the help of each."""
        parser.add_argument("--tenant", required=True, help="the tenant's short name")
        person = parser.add_mutually_exclusive_group(required=True)
        person.add_argument("--phone", help="the person's number: 0987..., 84987... or +84987...")
        person.add_argument("--oa-user-id", help="the person's id at an official account")
        parser.add_argument("--dry-run", action="store_true", help="only print what would be stopped and erased")

    def handle(self, *args: Any, **options: Any) -> None:
        """Prints counts. Raises CommandError with one line."""
        tenant = Tenant.objects.filter(slug=options["tenant"]).first()
        if tenant is None:
            raise CommandError(f"there is no tenant {options['tenant']}")
        person = self._person(options)
        if options["dry_run"]:
            found = count_person(tenant.pk, person)
            self.stdout.write(f"would stop {found.stopped} and erase {found.messages} messages")
        else:
            found = erase_person(tenant.pk, person, by="command")
            self.stdout.write(f"stopped {found.stopped} and erased {found.messages} messages")

    def _person(self, options: dict[str, Any]) -> str:
        """Return what the person is known by."""
        if options["oa_user_id"]:
            return person_key(options["oa_user_id"])
        phone = normalise(options["phone"])
        if phone is None:
            raise CommandError("--phone is not a phone number")
        return phone
