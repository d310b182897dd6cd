"""A delivery over every kind of channel that is seeded."""

import secrets
from collections.abc import Mapping
from typing import Any, Final

from gateway.demo.case import Case, order_of
from gateway.demo.errors import DemoError
from providers.contract import ContentKind, EventKind
from providers.registry import provider
from providers.zalo.hosts import OA_HOST

PHONE: Final = "84961110000"
GREETING: Final = {"type": "TEXT", "text": "Xin chào!"}


def deliveries(info: Mapping[str, Any], accounts: Mapping[str, Any]) -> list[Case]:
    """Return one delivery over each kind of channel that is seeded; `info` is what run.json holds, `accounts` what the
    sandbox lists. Raises DemoError for a kind that no route of its own leads over."""
    first: dict[str, str] = {}
    for name, channel in info["channels"].items():
        first.setdefault(channel["kind"], name)
    return [_delivery(kind, name, info, accounts) for kind, name in first.items()]


def _delivery(kind: str, channel: str, info: Mapping[str, Any], accounts: Mapping[str, Any]) -> Case:
    route = next((name for name, steps in info["routes"].items() if steps == [channel]), None)
    if route is None:
        raise DemoError(f"no route leads over {channel} alone")
    can = provider(kind).capabilities
    to = _person(can.recipients, info["channels"][channel], accounts)
    said = order_of(info) if ContentKind.TEMPLATE in can.contents else {"content": GREETING}
    end = "delivered" if EventKind.DELIVERED in can.receipts else "sent"
    message = {"to": to, **said}
    return Case(name=f"over {kind}", kind=kind, route=route, message=message, legs=((channel, end),), ends=end)


def _person(takes: frozenset[str], channel: Mapping[str, str], accounts: Mapping[str, Any]) -> str | dict[str, str]:
    """Return somebody whom a channel reaches, by an id that it takes."""
    if "phone" in takes:
        return PHONE
    if "mini_app_user_id" in takes:
        # A person takes one notification a day, and the demo may run again today.
        return {"miniAppUserId": f"56{secrets.randbelow(10**17):017d}"}
    known = accounts[OA_HOST]["officialAccounts"]
    return {"oaUserId": next(one["followers"][0] for one in known if one["oaId"] == channel["oaId"])}
