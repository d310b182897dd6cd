"""Which windows bind messages: the bulk's own, the hours of provider and law, the tenant's quiet hours."""

from collections.abc import Mapping
from datetime import time
from typing import Any
from zoneinfo import ZoneInfo

import msgspec

from messaging.policies.delivery_window import read_window
from messaging.policies.hours import provider_windows
from messaging.policies.windows import Window, quiet_hours
from messaging.states import MessageClass


class Quiet(msgspec.Struct, frozen=True):
    """A tenant's quiet hours in its zone; none where `start` or `end` is None."""

    zone: ZoneInfo
    start: time | None
    end: time | None
    for_otp: bool


def binding_windows(
    stored: Mapping[str, Any] | None, quiet: Quiet, *, kind: str, message_class: int, night_rules: bool
) -> list[Window]:
    """Return every window that binds messages of a class over a kind of channel; `stored` is the bulk's own window."""
    rules = read_window(stored)
    if night_rules:
        rules += provider_windows(kind, message_class)
    exempt = message_class == MessageClass.OTP and not quiet.for_otp
    if quiet.start is not None and quiet.end is not None and not exempt:
        rules.append(quiet_hours(quiet.start, quiet.end, quiet.zone))
    return rules
