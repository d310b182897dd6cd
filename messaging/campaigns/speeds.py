"""Sending speeds as people write them: 120/MINUTE."""

import re

from messaging.policies.pace import Pace, TimeUnit

MOST = 1_000_000
_SPEED = re.compile(r"([1-9]\d{0,6})/(MINUTE|HOUR|DAY)", re.ASCII)


class BadSpeed(ValueError):
    """The text is no speed."""


def read_speed(text: str) -> Pace:
    """Return the speed written as N/MINUTE, N/HOUR or N/DAY. Raises BadSpeed."""
    match = _SPEED.fullmatch(text.strip().upper())
    if match is None or int(match[1]) > MOST:
        raise BadSpeed(f"{text[:40]} is no speed; an example is 120/MINUTE (units MINUTE, HOUR, DAY)")
    return Pace(int(match[1]), TimeUnit(match[2]))
