"""What clients say about persons, field by field."""

from collections.abc import Sequence
from typing import Annotated

import msgspec
from msgspec import Meta

from messaging.intake.errors import Findings
from messaging.intake.request import ClassName, Moment
from messaging.phones import normalise
from messaging.recipients.marks import Reach
from messaging.states import MessageClass
from providers.registry import PROVIDERS
from tenants import clock

MOST_NUMBERS = 10_000
Note = Annotated[str, Meta(max_length=200, pattern=r"^[^\x00-\x1f\x7f]*$(?!\n)")]
Number = Annotated[str, Meta(max_length=40)]


class SuppressRequest(msgspec.Struct, frozen=True, forbid_unknown_fields=True, rename="camel", kw_only=True):
    """Persons not to send to any more: by every way, or only messages of a class, or over a kind of channel."""

    to: Annotated[list[Number], Meta(min_length=1, max_length=MOST_NUMBERS, description="Phone numbers, 1 to 10,000.")]
    message_class: ClassName | None = msgspec.field(name="class", default=None)
    channel_kind: Annotated[str, Meta(max_length=16, description="Such as `zns`; absent reaches all.")] | None = None
    until: Annotated[Moment, Meta(description="Absent: for good.")] | None = None
    note: Note | None = None


def numbers_in(texts: Sequence[str], findings: Findings) -> list[str]:
    """Return phone numbers in E.164 without the plus; what is none goes to `findings`."""
    phones = []
    for n, text in enumerate(texts):
        phone = normalise(text)
        if phone is None:
            findings.add(f"to[{n}]", "invalid", f"to[{n}] is not a phone number.")
        else:
            phones.append(phone)
    return phones


def reach_of(request: SuppressRequest, findings: Findings) -> Reach:
    """Return how far the opt-out reaches; what is wrong goes to `findings`."""
    kind = request.channel_kind or ""
    if kind and kind not in PROVIDERS:
        wanted = ", ".join(PROVIDERS)
        findings.add("channelKind", "invalid", f"channelKind must be one of {wanted}.")
    if request.until is not None and request.until <= clock.now():
        findings.add("until", "in_the_past", "until lies in the past.")
    message_class = int(MessageClass[request.message_class.name]) if request.message_class else None
    return Reach(message_class, kind)
