"""What control calls bring, read or refused with the field's name."""

import re
from datetime import UTC, datetime
from typing import Any, TypeVar
from urllib.parse import urlsplit

import msgspec
from aiohttp import web

from providers.sandbox.record import Filter

T = TypeVar("T")


class BadInput(Exception):
    """What a control call brought cannot be used; names the field."""

    def __init__(self, field: str, message: str) -> None:
        super().__init__(f"{field}: {message}")
        self.field, self.message = field, message


async def json_object(raw: web.BaseRequest) -> dict[str, Any]:
    """Return the body as a JSON object. Raises BadInput."""
    try:
        value = msgspec.json.decode(await raw.read())
    except msgspec.DecodeError as error:
        raise BadInput("body", str(error)) from error
    if not isinstance(value, dict):
        raise BadInput("body", "must be a JSON object")
    return value


def convert(value: dict[str, Any], kind: type[T]) -> T:
    """Return the object as `kind`. Raises BadInput."""
    try:
        return msgspec.convert(value, kind)
    except msgspec.ValidationError as error:
        raise named(error) from error


def named(error: msgspec.ValidationError) -> BadInput:
    """Return the error as one that names its field."""
    text = str(error)
    found = re.search(r"at `\$\.([^`.\[]+)", text) or re.search(r"field `([^`]+)`", text)
    return BadInput(found[1] if found else "body", text)


def record_filter(raw: web.BaseRequest) -> Filter:
    """Return which calls of the record are asked for. Raises BadInput."""
    query = raw.query
    limit = query.get("limit", "0")
    if not limit.isdecimal():
        raise BadInput("limit", "must be a whole number")
    since = _instant(query["since"]) if query.get("since") else ""
    return Filter(host=query.get("host", ""), path=query.get("path", ""), since=since, limit=int(limit))


def _instant(text: str) -> str:
    """Return RFC 3339 as the record writes it; a plus that was not percent-encoded arrives as a blank."""
    try:
        at = datetime.fromisoformat(text.replace(" ", "+"))
    except ValueError as error:
        raise BadInput("since", "must be RFC 3339") from error
    if at.tzinfo is None:
        raise BadInput("since", "must have a zone")
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def phone(text: str) -> str:
    """Return a number as it is typed in the form that messages are kept under."""
    digits = "".join(text.split()).removeprefix("+")
    return "84" + digits[1:] if digits.startswith("0") else digits


def is_http(url: str) -> bool:
    """Return whether the text is an absolute HTTP URL."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return False
    return parts.scheme in ("http", "https") and bool(parts.hostname)
