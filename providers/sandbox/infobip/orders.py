"""What a send asks for, and everything that makes the whole request a bad one (infobip.md sections 3, 6 and 9)."""

from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import urlsplit

import msgspec

from providers.sandbox.infobip.wire import Refusal

_UNITS = {"SECONDS": 1, "MINUTES": 60, "HOURS": 3600}
_LONGEST = 172_800.0
Violations = list[tuple[str, str]]


class Order(msgspec.Struct, frozen=True, kw_only=True):
    """One destination of one message. `message_id` is empty where none was given; `validity` is in seconds.

    `url` is where its reports go, empty where none was named; `platform` holds the ids to echo.
    """

    sender: str
    to: str
    message_id: str
    content: Mapping[str, Any]
    validity: float
    url: str
    callback_data: str
    platform: Mapping[str, str]
    encrypted: bool


class _Reader:
    """Reads one message, noting what is wrong with it."""

    def __init__(self, message: Mapping[str, Any], where: str) -> None:
        self.message, self.where = message, where
        self.violations: Violations = []

    def bad(self, path: str, what: str) -> None:
        self.violations.append((f"{self.where}.{path}", what))

    def part(self, name: str, inside: Mapping[str, Any] | None = None) -> Mapping[str, Any]:
        value = (self.message if inside is None else inside).get(name)
        if value is not None and not isinstance(value, dict):
            self.bad(name, "must be an object")
        return value if isinstance(value, dict) else {}

    def text(self, value: object, path: str, most: int) -> str:
        if value is not None and (not isinstance(value, str) or len(value) > most):
            self.bad(path, f"size must be between 0 and {most}")
        return value if isinstance(value, str) else ""


def read_orders(root: Mapping[str, Any] | None, check: Callable[[Mapping[str, Any]], str]) -> list[Order]:
    """Return an order for each destination. Raises Refusal: nothing is taken if anything is wrong.

    `check` returns what is wrong with a `content`, empty if nothing is.
    """
    messages = (root or {}).get("messages")
    if not isinstance(messages, list) or not messages:
        raise Refusal(400, (("messages", "must not be empty"),))
    orders: list[Order] = []
    violations: Violations = []
    for index, message in enumerate(messages):
        reader = _Reader(message if isinstance(message, dict) else {}, f"messages[{index}]")
        orders += _orders(reader, check)
        violations += reader.violations
    if violations:
        raise Refusal(400, tuple(violations))
    return orders


def _orders(reader: _Reader, check: Callable[[Mapping[str, Any]], str]) -> list[Order]:
    message = reader.message
    content, options = reader.part("content"), reader.part("options")
    webhooks = reader.part("webhooks")
    if fault := check(content):
        reader.bad("content", fault)
    sender = reader.text(message.get("sender"), "sender", 64)
    if not sender:
        reader.bad("sender", "must not be blank")
    given = reader.part("platform", options)
    names = (name for name in ("entityId", "applicationId") if name in given)
    platform = {name: reader.text(given[name], f"options.platform.{name}", 255) for name in names}
    validity, url = _validity(reader, options), _url(reader, webhooks)
    return [
        Order(
            sender=sender,
            to=to,
            message_id=message_id,
            content=content,
            validity=validity,
            url=url,
            callback_data=reader.text(webhooks.get("callbackData"), "webhooks.callbackData", 4000),
            platform=platform,
            encrypted=options.get("encrypted") is True,
        )
        for to, message_id in _destinations(reader)
    ]


def _destinations(reader: _Reader) -> list[tuple[str, str]]:
    given = reader.message.get("destinations")
    if not isinstance(given, list) or not given:
        reader.bad("destinations", "must not be empty")
        return []
    found = []
    for index, destination in enumerate(given):
        fields = destination if isinstance(destination, dict) else {}
        to = reader.text(fields.get("to"), f"destinations[{index}].to", 64)
        if not to:
            reader.bad(f"destinations[{index}].to", "must not be blank")
        found.append((to, reader.text(fields.get("messageId"), f"destinations[{index}].messageId", 200)))
    return found


def _validity(reader: _Reader, options: Mapping[str, Any]) -> float:
    period = reader.part("validityPeriod", options)
    if not period:
        return _LONGEST
    amount, unit = period.get("amount"), period.get("timeUnit", "MINUTES")
    if not isinstance(amount, int) or isinstance(amount, bool) or amount < 1:
        reader.bad("options.validityPeriod.amount", "must be greater than or equal to 1")
        return _LONGEST
    if unit not in _UNITS:
        reader.bad("options.validityPeriod.timeUnit", "must be one of SECONDS, MINUTES, HOURS")
        return _LONGEST
    return min(float(amount * _UNITS[unit]), _LONGEST)


def _url(reader: _Reader, webhooks: Mapping[str, Any]) -> str:
    delivery = reader.part("delivery", webhooks)
    url = reader.text(delivery.get("url"), "webhooks.delivery.url", 2048)
    if url and urlsplit(url).scheme not in ("http", "https"):
        reader.bad("webhooks.delivery.url", "must be a valid URL")
    return url if delivery.get("notify") is not False else ""
