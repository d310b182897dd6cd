"""What is known of a person and what was said, as it is stored: sealed, bound to the person and the message."""

from typing import Any

import msgspec
from cryptography.exceptions import InvalidTag

from messaging.models import ChatLine, Contact
from messaging.phones import normalise
from tenants.data_keys import ContentKey, KeyGone, content_key_by_id

_encode = msgspec.msgpack.Encoder().encode


class Profile(msgspec.Struct, frozen=True, array_like=True):
    """A person as the provider tells of them; `phone` is E.164 without the plus, `details` what they gave when asked.

    New fields go to the end: what was stored before lacks them.
    """

    user_id: str
    name: str = ""
    avatar: str = ""
    phone: str = ""
    details: dict[str, Any] = {}


class Said(msgspec.Struct, frozen=True, array_like=True):
    """What one message of a conversation says; `attachments` hold the type and the texts of each."""

    text: str = ""
    attachments: list[dict[str, str]] = []
    quoted: str = ""


_profile = msgspec.msgpack.Decoder(Profile).decode
_said = msgspec.msgpack.Decoder(Said).decode


def person_key(user_id: str) -> str:
    """Return what a person is known by in searches and marks, as `messaging.content.Person.key` has it."""
    return f"oa:{user_id}"


def phone_in(details: dict[str, Any]) -> str:
    """Return the phone number among the details of a person (E.164 without the plus), empty where there is none."""
    return normalise(str(details.get("phone", ""))) or ""


def seal_profile(key: ContentKey, person_hash: bytes, profile: Profile) -> bytes:
    """Return the stored form of a profile."""
    return key.seal(_encode(profile), person_hash + b"contact")


def open_profile(person_hash: bytes, sealed: bytes, data_key_id: int) -> Profile | None:
    """Return the profile, None where it was erased."""
    try:
        key = content_key_by_id(data_key_id)
        return _profile(key.open(sealed, person_hash + b"contact")) if sealed else None
    except (KeyGone, InvalidTag):
        return None


def profile_of(contact: Contact) -> Profile | None:
    """Return a contact's profile in clear, None where it was erased."""
    return open_profile(bytes(contact.person_hash), bytes(contact.profile), contact.data_key_id)


def seal_said(key: ContentKey, provider_message_id: str, said: Said) -> bytes:
    """Return the stored form of a line."""
    return key.seal(_encode(said), provider_message_id.encode() + b"line")


def said_in(line: ChatLine) -> Said | None:
    """Return what a line says in clear, None where the tenant's keys were dropped."""
    try:
        key = content_key_by_id(line.data_key_id)
        return _said(key.open(bytes(line.body), line.provider_message_id.encode() + b"line"))
    except (KeyGone, InvalidTag):
        return None
