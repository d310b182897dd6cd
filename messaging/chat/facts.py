"""What is known of contacts, changed by what happened: in any order, however often."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

import msgspec

from messaging.chat.profiles import Profile, phone_in
from providers.contract import Event, EventKind

ABOUT_PEOPLE = frozenset(
    {
        EventKind.INBOUND.value,
        EventKind.ECHO.value,
        EventKind.FOLLOWED.value,
        EventKind.UNFOLLOWED.value,
        EventKind.PERSON_INFO.value,
        EventKind.WITHDRAWN.value,
    }
)
# To follow, to write and to give details opens the window (zalo-zns-oa.md 7.1) and is the person's own wish.
_INTERACTIONS = frozenset({EventKind.INBOUND, EventKind.FOLLOWED, EventKind.PERSON_INFO})


class Facts(msgspec.Struct, frozen=True, kw_only=True):
    """What is known of one person at one account; `profile` is None where it was erased. Times are aware."""

    profile: Profile | None = None
    followed_at: datetime | None = None
    unfollowed_at: datetime | None = None
    last_interaction_at: datetime | None = None
    consent_at: datetime | None = None
    withdrawn_at: datetime | None = None
    erased_at: datetime | None = None
    touched_at: datetime | None = None

    @property
    def follows(self) -> bool:
        """Return whether the person follows the account, as far as is known."""
        return self.followed_at is not None and (self.unfollowed_at is None or self.followed_at > self.unfollowed_at)

    @property
    def withdrawn(self) -> bool:
        """Return whether the person withdrew their consent and has not come back since."""
        return self.withdrawn_at is not None and (self.consent_at is None or self.consent_at <= self.withdrawn_at)


def later(one: datetime | None, other: datetime | None) -> datetime | None:
    """Return the later of two times, of which either may be unknown."""
    if one is None or other is None:
        return one or other
    return max(one, other)


def after(facts: Facts, event: Event) -> Facts:
    """Return the facts after an event about the person; one from before they were erased changes nothing."""
    if facts.erased_at is not None and event.at <= facts.erased_at:
        return facts
    changed: dict[str, Any] = {"touched_at": later(facts.touched_at, event.at)}
    if event.kind in _INTERACTIONS:
        changed["last_interaction_at"] = later(facts.last_interaction_at, event.at)
        changed["consent_at"] = later(facts.consent_at, event.at)
    if event.kind is EventKind.FOLLOWED:
        changed["followed_at"] = later(facts.followed_at, event.at)
    if event.kind is EventKind.UNFOLLOWED:
        changed["unfollowed_at"] = later(facts.unfollowed_at, event.at)
    if event.kind is EventKind.WITHDRAWN:
        changed["withdrawn_at"] = later(facts.withdrawn_at, event.at)
    details = event.data if event.kind is EventKind.PERSON_INFO else {}
    changed["profile"] = _with_details(facts.profile or Profile(event.person), details)
    return msgspec.structs.replace(facts, **changed)


def after_all(facts: Facts, events: Sequence[Event]) -> Facts:
    """Return the facts after events in whatever order they came."""
    for event in sorted(events, key=lambda event: event.at):
        facts = after(facts, event)
    return facts


def _with_details(profile: Profile, details: Mapping[str, Any]) -> Profile:
    if not details:
        return profile
    merged = {**profile.details, **details}
    return msgspec.structs.replace(
        profile,
        details=merged,
        phone=phone_in(merged) or profile.phone,
        name=profile.name or str(merged.get("name", "")),
    )
