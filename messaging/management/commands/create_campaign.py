"""`manage.py create_campaign`: the recipients of a file get one template; prints the campaign's id."""

from argparse import ArgumentParser
from datetime import datetime
from pathlib import Path
from typing import Any

import msgspec
from django.core.management.base import BaseCommand, CommandError

from messaging.campaigns.creating import create
from messaging.campaigns.errors import Unreadable
from messaging.campaigns.files import store_file
from messaging.campaigns.request import CampaignIn, Repeats
from messaging.campaigns.speeds import BadSpeed, read_speed
from messaging.intake.errors import Refused
from messaging.intake.request import Options, SendingSpeedLimit, SpeedUnit
from messaging.intake.resolve import DEFAULT_ROUTE
from tenants.models import Tenant

BY = "manage.py"


class Command(BaseCommand):
    help = (
        "Send a template to everybody in a CSV or XLSX file; prints the campaign's id. Works beside a running gateway."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--tenant", required=True, help="the tenant's short name")
        parser.add_argument("--template", required=True, help="the template's id")
        parser.add_argument("--route", default=DEFAULT_ROUTE, help="the route's name")
        parser.add_argument("--file", required=True, type=Path, help="CSV (UTF-8) or XLSX; the first row names columns")
        parser.add_argument(
            "--map",
            action="append",
            nargs="+",
            default=[],
            metavar="COLUMN=PARAMETER",
            help="which column holds a parameter; the recipient is `to`. Equal names need no mapping",
        )
        parser.add_argument("--name", default="", help="what people call it; the file's name if not given")
        parser.add_argument("--send-at", help="RFC 3339 with a zone, such as 2026-12-01T09:00:00+07:00")
        parser.add_argument("--finish-by", help="RFC 3339 with a zone; the speed follows from it")
        parser.add_argument("--speed", help="such as 120/MINUTE, 5000/HOUR or 100000/DAY")
        parser.add_argument("--send-all", action="store_true", help="send to every row, even to a number again")
        parser.add_argument("--test", action="store_true", help="to the sandbox, whatever the route says")
        parser.add_argument("--draft", action="store_true", help="do not start it")

    def handle(self, *args: Any, **options: Any) -> None:
        """Stores file and campaign; loading is the workers' work. Raises CommandError, one line a fault."""
        tenant = Tenant.objects.filter(slug=options["tenant"]).first()
        if tenant is None:
            raise CommandError(f"there is no tenant {options['tenant']}")
        path: Path = options["file"]
        try:
            with path.open("rb") as content:
                file = store_file(tenant.pk, path.name, content)
            wanted = CampaignIn(
                name=options["name"] or path.stem,
                template_id=options["template"],
                mapping=dict(_pair(text) for texts in options["map"] for text in texts),
                duplicates=Repeats.SEND_ALL if options["send_all"] else Repeats.KEEP_FIRST,
                options=Options(
                    route=options["route"], send_at=_moment(options["send_at"]), sending_speed_limit=_speed(options)
                ),
                finish_by=_moment(options["finish_by"]),
                draft=options["draft"],
            )
            campaign = create(tenant.pk, wanted, file, BY, test=options["test"])
        except OSError as error:
            raise CommandError(f"{path} cannot be read: {error.strerror}") from None
        except (Unreadable, BadSpeed) as error:
            raise CommandError(str(error)) from None
        except Refused as refused:
            raise CommandError("\n".join(f"{error.field}: {error.message}" for error in refused.errors)) from None
        self.stdout.write(str(campaign.pk))


def _pair(text: str) -> tuple[str, str]:
    column, equals, parameter = text.rpartition("=")
    if not equals or not column or not parameter:
        raise CommandError(f"--map takes COLUMN=PARAMETER, not {text}")
    return column, parameter


def _moment(text: str | None) -> datetime | None:
    if not text:
        return None
    try:
        at = msgspec.convert(text, datetime)
    except msgspec.ValidationError:
        at = None
    if at is None or at.tzinfo is None:
        raise CommandError(f"{text} is no RFC 3339 time with a zone, such as 2026-12-01T09:00:00+07:00")
    return at


def _speed(options: dict[str, Any]) -> SendingSpeedLimit | None:
    if not options["speed"]:
        return None
    speed = read_speed(options["speed"])
    return SendingSpeedLimit(amount=speed.amount, time_unit=SpeedUnit(speed.unit.value))
