"""One event of Zalo's webhook, verified and opened (zalo-zns-oa.md section 6.1)."""

import hashlib
from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final

import msgspec

from providers.contract import BadSignature, Context, Event, EventKind, Hook
from providers.zalo.fields import as_object, as_text, as_time, json_object
from providers.zalo.signature import SIGNATURE_HEADER, verify_event

_SERVER_HEADER: Final = "x-zevent-server"

Fields = Mapping[str, Any]


class Told(msgspec.Struct, frozen=True, kw_only=True):
    """A verified event: `at` is when Zalo told it, `by_phone_side` whether the header names the side of phone sends.

    `accounts` are the ids of the app's Official Accounts where the reader knows them.
    """

    name: str
    fields: Fields
    at: datetime
    key: str
    by_phone_side: bool = False
    accounts: frozenset[str] = frozenset()

    @property
    def message(self) -> Fields:
        """The object `message`, empty where there is none."""
        return as_object(self.fields.get("message"))

    @property
    def app_id(self) -> str:
        """The id of the app that the event was told to."""
        return as_text(self.fields.get("app_id"))

    @property
    def account_id(self) -> str:
        """The Official Account's id where the event names it as such."""
        return as_text(self.fields.get("oa_id")) or as_text(self.fields.get("oaId"))

    def party(self, side: str) -> str:
        """Return the id of the `sender`, `recipient` or `follower`, empty where it is absent."""
        return as_text(as_object(self.fields.get(side)).get("id"))

    def event(self, kind: EventKind, data: Fields | None = None) -> Event:
        """Return an event of the account that says no more than `data`."""
        return Event(kind=kind, name=self.name, key=self.key, at=self.at, account_id=self.account_id, data=data or {})


def opened(hook: Hook, secrets: Mapping[str, str], context: Context) -> Told:
    """Verify the signature over the raw body, then return what it holds.

    `secrets` holds `app_id` and `oa_secret_key`, optionally `oa_ids` (separated by commas). Raises BadSignature, also
    for a body that is no JSON object and so cannot be verified.
    """
    fields = json_object(hook.body)
    if fields is None:
        raise BadSignature("the body is no JSON object, so it has no timestamp to verify with")
    timestamp = as_text(fields.get("timestamp"))
    verify_event(
        hook.headers.get(SIGNATURE_HEADER, ""),
        secrets.get("app_id", ""),
        hook.body,
        timestamp,
        secrets.get("oa_secret_key", ""),
    )
    by_phone_side = hook.headers.get(_SERVER_HEADER, "").strip().upper() == "ZNS"
    accounts = frozenset(secrets.get("oa_ids", "").replace(",", " ").split())
    return _told(fields, hook.body, context.now, by_phone_side, accounts)


def opened_again(body: bytes, received_at: datetime) -> Told | None:
    """Return what a body holds that was verified when it came in, at `received_at` (aware); None for no object."""
    fields = json_object(body)
    return None if fields is None else _told(fields, body, received_at, False, frozenset())


def _told(fields: Fields, body: bytes, now: datetime, by_phone_side: bool, accounts: frozenset[str]) -> Told:
    name, timestamp = as_text(fields.get("event_name")), as_text(fields.get("timestamp"))
    return Told(
        name=name,
        fields=fields,
        at=as_time(timestamp) or now,
        key=_key(name, fields, timestamp, body),
        by_phone_side=by_phone_side,
        accounts=accounts,
    )


def _key(name: str, fields: Fields, timestamp: str, body: bytes) -> str:
    message = as_object(fields.get("message"))
    sent = as_text(message.get("msg_id")) or as_text(fields.get("msg_id")) or as_text(message.get("tracking_id"))
    same = f"{name}\n{sent}\n{timestamp}".encode() if sent and timestamp else body
    return hashlib.blake2b(same, digest_size=16).hexdigest()
