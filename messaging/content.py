"""What a message says and to whom, as it is stored: sealed with the tenant's data key, bound to the message."""

from uuid import UUID

import msgspec

from tenants.data_keys import ContentKey

_encode = msgspec.msgpack.Encoder().encode


class Content(msgspec.Struct, frozen=True, array_like=True):
    """The content of one message: template values by our parameter names, and what the client asked for with them."""

    values: dict[str, str]
    journey_token: str = ""
    mode: str = ""
    sending_mode: str = ""
    callback_data: str = ""


_decode = msgspec.msgpack.Decoder(Content).decode


def seal_content(key: ContentKey, message_id: UUID, content: Content) -> bytes:
    """Return the stored form of a content."""
    return key.seal(_encode(content), message_id.bytes + b"content")


def open_content(key: ContentKey, message_id: UUID, sealed: bytes) -> Content:
    """Return the content. Raises InvalidTag where the bytes belong to another message."""
    return _decode(key.open(sealed, message_id.bytes + b"content"))


def seal_recipient(key: ContentKey, message_id: UUID, phone: str) -> bytes:
    """Return the stored form of a phone number (E.164 without the plus)."""
    return key.seal(phone.encode(), message_id.bytes + b"recipient")


def open_recipient(key: ContentKey, message_id: UUID, sealed: bytes) -> str:
    """Return the phone number."""
    return key.open(sealed, message_id.bytes + b"recipient").decode()


def mask_phone(phone: str) -> str:
    """Return what everybody may see of a phone number: its first five and last three digits."""
    return f"{phone[:5]}***{phone[-3:]}"
