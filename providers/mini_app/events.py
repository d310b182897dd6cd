"""What Zalo reports of Mini Apps (zalo-mini-app.md section 5): a withdrawn consent, a finished review."""

import hashlib
import re
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from providers.contract import BadSignature, Context, Event, EventKind, Hook
from providers.mini_app.limits import USER_ID
from providers.mini_app.signature import verified
from providers.zalo.wording import clean

AHEAD: Final = timedelta(minutes=5)
# Repetitions keep their time, and how long Zalo repeats is not told: a withdrawal must not be lost to an outage.
# Whoever stores events drops those whose key is known, so that a replay within this time changes nothing.
BACK: Final = timedelta(hours=24)
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_APP_ID: Final = re.compile(r"[0-9]{1,20}", re.ASCII)
_KEYS: Final = ("api_key", "previous_api_key", "partner_api_key", "previous_partner_api_key")
_FORMS: Final[Mapping[str, tuple[frozenset[str], frozenset[str]]]] = {
    "user.revoke.consent": (frozenset({"event", "appId", "userId", "timestamp"}), frozenset()),
    "versions.review.done": (
        frozenset({"event", "appId", "versionId", "status", "timestamp"}),
        frozenset({"description"}),
    ),
}
"""Event name -> the names it must have and those it may have besides. Any other would let values slide."""


def read_events(hook: Hook, secrets: Mapping[str, str], context: Context) -> list[Event]:
    """Return the one event in `hook`; `secrets` as in the README.

    Raises BadSignature also for a signed event whose fields are not exactly those of its kind, whose time is too far
    from `context.now`, or that is about a Mini App that is none of the key's. An event of an unknown name is kept as
    UNRECOGNISED.
    """
    keys = {name: secrets.get(name, "") for name in _KEYS}
    event, key = verified(hook.headers, hook.body, keys.values())
    name = event.get("event")
    if not name or not isinstance(name, str):
        raise BadSignature("the event has no name")
    if name not in _FORMS:
        digest = hashlib.blake2b(hook.body, digest_size=16).hexdigest()
        return [Event(kind=EventKind.UNRECOGNISED, name=name, key=digest, at=context.now)]
    at = _checked(event, name, context.now)
    app_id: str = event["appId"]
    by_partner = key in (keys["partner_api_key"], keys["previous_partner_api_key"])
    if not by_partner and app_id not in re.split(r"[\s,]+", secrets.get("mini_app_id", "")):
        raise BadSignature("the event is about a Mini App that is none of this account's")
    return [_withdrawn(event, at) if name == "user.revoke.consent" else _reviewed(event, at)]


def _checked(event: Mapping[str, Any], name: str, now: datetime) -> datetime:
    """Return the event's time once every field has the one form in which its digits can be nobody else's."""
    needed, allowed = _FORMS[name]
    if not needed <= event.keys() <= needed | allowed:
        raise BadSignature("the event has other fields than its kind")
    if not _fits(event):
        raise BadSignature("a field of the event has another form than its kind's")
    at = _EPOCH + timedelta(milliseconds=event["timestamp"])
    if not -BACK <= at - now <= AHEAD:
        raise BadSignature("the event is too old, or from the future")
    return at


def _fits(event: Mapping[str, Any]) -> bool:
    def text(name: str, form: re.Pattern[str]) -> bool:
        value = event.get(name)
        return isinstance(value, str) and form.fullmatch(value) is not None

    def whole(name: str) -> bool:
        return type(event.get(name)) is int

    if not (text("appId", _APP_ID) and whole("timestamp") and 10**12 <= event["timestamp"] < 10**13):
        return False
    if "userId" in event:
        return text("userId", USER_ID)
    status_fits = whole("status") and event["status"] in (0, -1)
    return status_fits and whole("versionId") and event["versionId"] > 0 and _is_text(event.get("description", ""))


def _is_text(value: object) -> bool:
    return isinstance(value, str)


def _key(event: Mapping[str, Any], about: str) -> str:
    # Zalo sends no id of the event.
    told = "\n".join(str(event[name]) for name in ("event", "appId", about, "timestamp"))
    return hashlib.blake2b(told.encode(), digest_size=16).hexdigest()


def _withdrawn(event: Mapping[str, Any], at: datetime) -> Event:
    return Event(
        kind=EventKind.WITHDRAWN,
        name="user.revoke.consent",
        key=_key(event, "userId"),
        at=at,
        account_id=event["appId"],
        person=event["userId"],
    )


def _reviewed(event: Mapping[str, Any], at: datetime) -> Event:
    return Event(
        kind=EventKind.VERSION_REVIEWED,
        name="versions.review.done",
        key=_key(event, "versionId"),
        at=at,
        account_id=event["appId"],
        data={
            "version_id": event["versionId"],
            "approved": event["status"] == 0,
            "reason": clean(event.get("description", "")),
        },
    )
