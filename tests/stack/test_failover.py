"""On the route zns-sms whoever Zalo does not reach gets exactly one SMS; whoever it reaches gets none."""

import json
from collections import Counter
from typing import Any

import pytest

from messaging.states import State
from tests.providers.sandbox.running import BUSINESS
from tests.stack.client import Client

pytestmark = pytest.mark.slow
VALIDITY = {"amount": 20, "timeUnit": "SECONDS"}
ENDS = ("delivered", "not_on_zalo", "blocked", "never_delivered")


def send(client: Client, numbers: dict[str, str]) -> str:
    """Send the order template to all over zns-sms with an SMS of its own for whom Zalo does not reach."""
    template = client.info["templates"]["order"]
    accounts = client.call(client.info["sandbox"], "GET", "/_/accounts")[BUSINESS]
    names = next(known["params"] for known in accounts["templates"] if known["id"] == template)
    body = {
        "messages": [
            {"to": to, "reference": outcome, "templateId": template, "templateData": dict.fromkeys(names, "1")}
            for outcome, to in numbers.items()
        ],
        "options": {
            "route": "zns-sms",
            "validityPeriod": VALIDITY,
            "smsFailover": {"text": "Don {{order_code}}", "sender": "SAOMAI"},
        },
    }
    bulk: str = client.api("POST", "/v1/messages", body)["bulkId"]
    return bulk


def texts(client: Client) -> Counter[str]:
    """Return how many SMS each number got."""
    path = "/_/requests?host=api.nxcloud.com&path=/v1/sms/mt"
    found: list[dict[str, Any]] = client.call(client.info["sandbox"], "GET", path)
    return Counter(json.loads(call["body"])["phone"] for call in found)


def legs(client: Client, bulk: str) -> dict[str, list[tuple[str, State]]]:
    """Return the outcome of a number -> kind of channel and state of each leg of its message."""
    query = (
        "SELECT m.reference, c.kind, leg.state FROM message m JOIN leg ON leg.message_id = m.id "
        "JOIN tenants_channel c ON c.id = leg.channel_id WHERE m.bulk_id = %s::uuid ORDER BY m.id, leg.n"
    )
    found: dict[str, list[tuple[str, State]]] = {}
    for outcome, kind, state in client.sql(query, bulk):
        found.setdefault(outcome, []).append((kind, State(state)))
    return found


def test_who_is_not_reached_by_zalo_gets_one_sms(client: Client):
    magic = client.call(client.info["sandbox"], "GET", "/_/accounts")[BUSINESS]["magic"]
    numbers = {outcome: number for number, outcome in magic.items() if outcome in ENDS}
    bulk = send(client, numbers)

    assert client.wait_for_ends([bulk], 60)

    assert client.states(bulk) == {"delivered": 4}
    assert texts(client) == {numbers[outcome]: 1 for outcome in ENDS[1:]}
    assert set(client.tracking_ids().values()) == {1}
    assert legs(client, bulk) == {
        "delivered": [("zns", State.DELIVERED)],
        "not_on_zalo": [("zns", State.REJECTED), ("nxcloud_sms", State.DELIVERED)],
        "blocked": [("zns", State.REJECTED), ("nxcloud_sms", State.DELIVERED)],
        "never_delivered": [("zns", State.EXPIRED), ("nxcloud_sms", State.DELIVERED)],
    }
