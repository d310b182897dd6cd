"""What a message says and to whom, as it is stored: sealed with the tenant's data key, bound to the message."""

from typing import Any
from uuid import UUID

import msgspec

from tenants.data_keys import ContentKey

_encode = msgspec.msgpack.Encoder().encode


class Content(msgspec.Struct, frozen=True, array_like=True):
    """The content of one message: template values by our parameter names, and what the client asked for with them.

    `kind` is a ContentKind; `text` and `extra` are those of contents without a template; `sms_text` and `sms_sender`
    are the client's own for the SMS of its failover; `plain` takes the diacritics out of texts. New fields go to the
    end: what was stored before lacks them.
    """

    values: dict[str, str]
    journey_token: str = ""
    mode: str = ""
    sending_mode: str = ""
    callback_data: str = ""
    kind: str = "TEMPLATE"
    text: str = ""
    extra: dict[str, Any] = {}
    sms_text: str = ""
    sms_sender: str = ""
    plain: bool = False


class Person(msgspec.Struct, frozen=True, omit_defaults=True):
    """The ids of a recipient that are known; `phone` is E.164 without the plus."""

    phone: str = ""
    oa_user_id: str = ""
    mini_app_user_id: str = ""

    @property
    def key(self) -> str:
        """Return what the person is known by in searches and memory: the number, else an id with its prefix."""
        if self.phone:
            return self.phone
        return f"oa:{self.oa_user_id}" if self.oa_user_id else f"mini:{self.mini_app_user_id}"


_decode = msgspec.msgpack.Decoder(Content).decode


def seal_content(key: ContentKey, message_id: UUID, content: Content) -> bytes:
    """Return the stored form of a content."""
    return key.seal(_encode(content), message_id.bytes + b"content")


def open_content(key: ContentKey, message_id: UUID, sealed: bytes) -> Content:
    """Return the content. Raises InvalidTag where the bytes belong to another message."""
    return _decode(key.open(sealed, message_id.bytes + b"content"))


def seal_recipient(key: ContentKey, message_id: UUID, person: Person | str) -> bytes:
    """Return the stored form of a recipient; a text is a phone number (E.164 without the plus)."""
    if isinstance(person, Person):
        alone = not (person.oa_user_id or person.mini_app_user_id)
        plain = person.phone.encode() if alone else msgspec.json.encode(person)
    else:
        plain = person.encode()
    return key.seal(plain, message_id.bytes + b"recipient")


def open_person(key: ContentKey, message_id: UUID, sealed: bytes) -> Person:
    """Return the recipient with every id that is known."""
    plain = key.open(sealed, message_id.bytes + b"recipient")
    if plain.startswith(b"{"):
        return msgspec.json.decode(plain, type=Person)
    return Person(plain.decode())


def open_recipient(key: ContentKey, message_id: UUID, sealed: bytes) -> str:
    """Return what the person is known by: the phone number, else an id with its prefix."""
    return open_person(key, message_id, sealed).key


def mask_phone(phone: str) -> str:
    """Return what everybody may see of a phone number: its first five and last three digits."""
    return f"{phone[:5]}***{phone[-3:]}"
