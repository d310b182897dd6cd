"""What a template is on a channel, read once and remembered for five seconds by this process."""

import time
from datetime import timedelta
from decimal import Decimal, InvalidOperation

import msgspec

from messaging.models import TemplateMapping
from messaging.states import MessageClass

LIFETIME = 5.0
MOST_KEPT = 50_000
OTP_DEADLINE = timedelta(seconds=15)
DEADLINE = timedelta(hours=2)


class Mapped(msgspec.Struct, frozen=True):
    """The provider's template id and parameter names (ours to theirs, where they differ), its deadline and price.

    `text` is what an SMS says for the template.
    """

    template: str
    names: dict[str, str]
    deadline: timedelta
    price: Decimal | None
    stop_code: str
    text: str = ""


_kept: dict[tuple[int, int], tuple[float, Mapped | None]] = {}


def mapping(template_id: int, channel_id: int) -> Mapped | None:
    """Return what the template is on the channel, or None where it is not mapped there."""
    kept = _kept.get((template_id, channel_id))
    if kept is not None and time.monotonic() < kept[0]:
        return kept[1]
    if len(_kept) > MOST_KEPT:
        _kept.clear()
    found = _read(template_id, channel_id)
    _kept[template_id, channel_id] = (time.monotonic() + LIFETIME, found)
    return found


def forget() -> None:
    """Drop what this process remembers."""
    _kept.clear()


def _read(template_id: int, channel_id: int) -> Mapped | None:
    rows = TemplateMapping.objects.select_related("template")
    row = rows.filter(template_id=template_id, channel_id=channel_id).first()
    if row is None:
        return None
    template = row.template
    deadline = OTP_DEADLINE if template.message_class == MessageClass.OTP else DEADLINE
    if template.timeout:
        deadline = timedelta(seconds=template.timeout)
    price, stop_code = _price(row.price or template.price), row.stop_code or template.stop_code
    return Mapped(row.provider_template_id, row.parameter_names, deadline, price, stop_code, row.text)


def _price(text: str) -> Decimal | None:
    try:
        return Decimal(text) if text else None
    except InvalidOperation:
        return None
