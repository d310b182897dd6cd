"""`manage.py upload_attachment`: gives a file to a tenant's official account and tells how a message names it."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from messaging.chat.followers import KIND
from messaging.contents.uploading import NotUploaded, upload
from tenants.models import Channel


class Command(BaseCommand):
    help = "Upload an image, GIF or file for messages of an official account; it may be named for seven days."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """See the help of each."""
        parser.add_argument("file", type=Path, help="jpg, jpeg or png to 1 MB; gif, pdf, doc, docx or csv to 5 MB")
        parser.add_argument("--tenant", required=True, help="the tenant's short name")
        parser.add_argument("--channel", default="oa", help="a channel of the kind oa (default: %(default)s)")

    def handle(self, *args: Any, **options: Any) -> None:
        """Prints the field of the content and its value. Raises CommandError where the file is not uploaded."""
        channels = Channel.objects.filter(tenant__slug=options["tenant"], kind=KIND)
        channel = channels.filter(name=options["channel"]).first()
        if channel is None:
            raise CommandError("the tenant has no such channel of the kind oa")
        try:
            found = upload(channel.pk, options["file"].name, options["file"].read_bytes())
        except (OSError, NotUploaded) as error:
            raise CommandError(str(error)) from error
        self.stdout.write(f'"{found.field}": "{found.value}"')
