"""What one row of a file would become, before anything is sent; and one message of it to a number of one's own."""

from datetime import datetime
from typing import NamedTuple

from messaging.campaigns.checking import Problem, RowChecker, sms_options
from messaging.campaigns.errors import Conflict
from messaging.campaigns.files import read_row
from messaging.intake.accept import accept_request
from messaging.intake.request import MessageIn, Options, SendRequest
from messaging.models import Campaign
from messaging.policies.binding import binding_windows
from messaging.policies.windows import next_opening
from tenants.clock import now
from tenants.texts.length import Length


class Preview(NamedTuple):
    """A row as the message it would become: `to` in clear, None where it is no phone number; `problems` say why it
    would be left out. `leaves_at` (aware) is when its first one could leave, None where hours never let it. `sms` is
    the length of the SMS that follows, None where none does."""

    row: int
    to: str | None
    values: dict[str, str]
    channel: str
    leaves_at: datetime | None
    problems: list[Problem]
    sms: Length | None = None


def preview(campaign: Campaign, row: int) -> Preview | None:
    """Return what a row would become, None where the file has no such row. Raises NotSendable."""
    cells = read_row(campaign.file, row)
    if cells is None:
        return None
    checker = RowChecker(campaign)
    found = checker.check_row(row, cells)
    message = found[0] if found else checker.message(cells)
    values = found[1].values if found else {name: str(value) for name, value in (message.template_data or {}).items()}
    route = checker.validator.route
    return Preview(
        row=row,
        to=found[1].phone if found else None,
        values=values,
        channel=route.channel_name if route else "",
        leaves_at=_leaves_at(campaign, checker),
        problems=checker.problems,
        sms=found[1].sms.length if found and found[1].sms else None,
    )


def send_test(campaign: Campaign, row: int, to: str, *, test: bool) -> str:
    """Send the row's message to `to` instead of its recipient, at once; return the message's id.

    Raises Conflict where the file has no such row, NotSendable, and Refused.
    """
    cells = read_row(campaign.file, row)
    if cells is None:
        raise Conflict("The file has no such row.")
    data = RowChecker(campaign).message(cells).template_data
    message = MessageIn(to=to, template_id=campaign.template.code, template_data=data)
    request = SendRequest(messages=[message], options=Options(route=campaign.route.name, **sms_options(campaign)))
    return accept_request(campaign.tenant_id, request, test=test).message_ids[0]


def _leaves_at(campaign: Campaign, checker: RowChecker) -> datetime | None:
    route, catalogue = checker.validator.route, checker.validator.catalogue
    message_class = campaign.message_class or campaign.template.message_class
    at = now()
    windows = binding_windows(
        campaign.window,
        catalogue.quiet,
        kind=route.kind if route else "",
        message_class=message_class,
        night_rules=bool(route and route.night_rules and route.waits_when_closed),
    )
    opening = next_opening(windows, max(campaign.send_at or at, at))
    return opening.starts if opening else None
