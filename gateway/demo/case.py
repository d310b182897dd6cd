"""One message that the demo shows by itself."""

from collections.abc import Mapping
from typing import Any

import msgspec

from gateway.demo.sending import VALID_SECONDS, bulk_request

Legs = tuple[tuple[str, str], ...]


class Case(msgspec.Struct, frozen=True, kw_only=True):
    """One message, the legs (channel, state) that it must take, and what the sandbox does wrong meanwhile (`faults`, as
    its control takes them). `kind` is given where the case shows a kind of channel, `sms` where that text is to follow;
    `seconds` is the message's validity."""

    name: str
    route: str
    message: Mapping[str, Any]
    legs: Legs
    ends: str = "delivered"
    kind: str = ""
    faults: tuple[Mapping[str, Any], ...] = ()
    seconds: int = VALID_SECONDS
    sms: str = ""


def order_of(info: Mapping[str, Any]) -> dict[str, Any]:
    """Return the order of the file's first customer, without its recipient; `info` is what run.json holds."""
    first = bulk_request(info["templates"]["order"])[0]
    return {name: first[name] for name in ("templateId", "templateData")}
