"""Files for messages of an official account: uploaded once, then named in the content of any number of messages."""

from base64 import b64encode
from pathlib import PurePath
from typing import Final

import msgspec

from messaging.questions import CannotAsk, ask
from providers.contract import Question
from providers.oa.uploads import UPLOADS, CannotUpload


class NotUploaded(Exception):
    """The file is not at the provider; the text tells why."""


class Uploaded(msgspec.Struct, frozen=True):
    """The field of a message's content that names the file, and its value there."""

    field: str
    value: str


_FIELDS: Final = {"attachment_id": "attachmentId", "token": "token"}


def upload(channel_id: int, name: str, content: bytes) -> Uploaded:
    """Give a file to the provider of a channel of the kind oa; what it is follows from the ending of its name.

    It may be named for seven days (zalo-zns-oa.md section 7.3). Not to be called within a transaction. Raises
    NotUploaded.
    """
    question = Question(kind=_kind(name), params={"name": name, "content": b64encode(content).decode()})
    try:
        answer = ask(channel_id, question)
    except (CannotAsk, CannotUpload) as error:
        raise NotUploaded(str(error)) from error
    data = answer.data if answer.ok and isinstance(answer.data, dict) else {}
    for told, field in _FIELDS.items():
        if data.get(told):
            return Uploaded(field, data[told])
    raise NotUploaded(answer.reason or "the provider named no file")


def _kind(name: str) -> str:
    ending = PurePath(name).suffix.removeprefix(".").lower()
    for kind, allowed in UPLOADS.items():
        if ending in allowed.types:
            return kind
    endings = ", ".join(ending for allowed in UPLOADS.values() for ending in allowed.types)
    raise NotUploaded(f"the name must end in one of {endings}")
