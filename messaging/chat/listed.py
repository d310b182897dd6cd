"""What the provider's list of followers and its details of a person add to what is known."""

from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from typing import Any

import msgspec

from messaging.chat.facts import Facts
from messaging.chat.profiles import Profile, phone_in
from messaging.policies.hours import VIETNAM


def listed(facts: Facts, user_id: str, at: datetime) -> Facts:
    """Return the facts of a person whom the list of followers named at `at` (aware)."""
    followed_at = facts.followed_at if facts.follows else at
    profile = facts.profile or Profile(user_id)
    return msgspec.structs.replace(facts, profile=profile, followed_at=followed_at)


def detailed(facts: Facts, told: Mapping[str, Any], at: datetime) -> Facts:
    """Return the facts with a person's details, in the shape of the provider's answer to `person`, asked for at `at`.

    Zalo tells the day of the last interaction only; the day's end is taken, so that no window closes too early.
    """
    profile = facts.profile or Profile(str(told["user_id"]))
    shared = dict(told["shared"])
    profile = msgspec.structs.replace(
        profile,
        name=told["name"] or profile.name,
        avatar=told["avatar"] or profile.avatar,
        phone=phone_in(shared) or profile.phone,
        details=shared | profile.details,
    )
    day: date | None = told["last_interaction_on"]
    last = facts.last_interaction_at
    if day is not None and (last is None or last.astimezone(VIETNAM).date() < day):
        last = min(at, datetime.combine(day + timedelta(days=1), time(), VIETNAM))
    return msgspec.structs.replace(facts, profile=profile, last_interaction_at=last)
