"""Pace as the provider sees it: several workers, real calls, the arrivals of the sandbox's record.

A speed spreads messages evenly, so a stretch of ten seconds shows what a minute would, and more strictly: at most a
sixth of the minute's amount arrives in any ten seconds, one more by the jitter of arriving.
"""

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import psycopg
import pytest

from gateway.stack import Stack
from gateway.stack.table import PROCESSES, Process
from tenants.clock import CREATE_CLOCK
from tests.providers.sandbox.running import BUSINESS, eventually
from tests.stack.client import Client

pytestmark = pytest.mark.soak
STRETCH = 10.0
EXTRA = 2
WINDOW_ENDS_IN = timedelta(seconds=30)


@pytest.fixture(scope="module")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    """A whole gateway with three workers for transactional messages."""
    worker = next(process for process in PROCESSES if process.name == "worker-transactional")
    more = tuple(
        Process(f"{worker.name}-{n}", _renamed(worker, f"transactional-{n}"), worker.needs, worker.role)
        for n in range(EXTRA)
    )
    home = Path(tmp_path_factory.mktemp("pace"))
    with Stack(home=home, quiet=True, environ={"PATH": "/usr/bin:/bin"}, processes=PROCESSES + more) as running:
        yield running


def _renamed(worker: Process, name: str) -> tuple[str, ...]:
    return tuple(word.replace("transactional@", f"{name}@") for word in worker.argv)


@pytest.fixture(autouse=True)
def real_clock(stack: Stack) -> Iterator[None]:
    """Leave the clock as it was."""
    yield
    _set_clock(stack, timedelta())


def _set_clock(stack: Stack, ahead: timedelta) -> None:
    with psycopg.connect(stack.info["databaseUrl"], connect_timeout=5) as connection:
        seconds = f"clock_timestamp() + interval ''{ahead.total_seconds()} seconds''"
        connection.execute(CREATE_CLOCK.replace("clock_timestamp()", seconds))


def arrivals(client: Client) -> list[float]:
    """Return when the send calls arrived (seconds since the epoch), in order."""
    path = f"/_/requests?host={BUSINESS}&path=/message/template"
    found = client.call(client.info["sandbox"], "GET", path)
    return sorted(datetime.fromisoformat(request["at"]).timestamp() for request in found)


def tracking_ids(client: Client) -> list[str]:
    path = f"/_/requests?host={BUSINESS}&path=/message/template"
    found = client.call(client.info["sandbox"], "GET", path)
    return [json.loads(request["body"])["tracking_id"] for request in found]


def most_in_a_stretch(times: list[float], length: float = STRETCH) -> int:
    """Return the largest number of arrivals in any stretch of this many seconds."""
    first, most = 0, 0
    for last, time in enumerate(times):
        while times[first] <= time - length:
            first += 1
        most = max(most, last - first + 1)
    return most


def numbers(count: int) -> list[str]:
    return [f"8498{n:07d}" for n in range(count)]


def bulk(client: Client, bulk_id: str) -> dict[str, Any]:
    found: dict[str, Any] = client.api("GET", f"/v1/bulks/{bulk_id}")
    assert sum(found["byState"].values()) == found["total"]
    return found


@pytest.mark.parametrize(("amount", "count"), [(60, 26), (120, 51), (3000, 1250)])
def test_arrivals_are_never_above_the_speed_and_use_nearly_all_of_it(client: Client, amount: int, count: int):
    bulk_id = client.send_bulk(numbers(count), sendingSpeedLimit={"amount": amount, "timeUnit": "MINUTE"})
    assert eventually(lambda: client.sent() >= count, 60 * count / amount + 10)
    times = arrivals(client)
    assert len(times) == count
    assert most_in_a_stretch(times) <= amount * STRETCH / 60 + 1
    used = (count - 1) * 60 / amount / (times[-1] - times[0])
    assert used >= 0.98
    assert eventually(lambda: bulk(client, bulk_id)["state"] == "FINISHED", 30)


def test_pace_window_change_and_counters_together(stack: Stack, client: Client):
    # The window is the clock's present hour; the clock is set so that it closes soon.
    real = datetime.now(UTC)
    closes = real.replace(minute=0, second=0, microsecond=0) + timedelta(hours=1)
    _set_clock(stack, closes - WINDOW_ENDS_IN - real)
    hours = {"from": {"hour": (closes.hour - 1) % 24}, "to": {"hour": closes.hour}}
    speed = {"amount": 120, "timeUnit": "MINUTE"}
    bulk_id = client.send_bulk(numbers(600), deliveryTimeWindow=hours, sendingSpeedLimit=speed)
    path = f"/v1/bulks/{bulk_id}"
    held = "SELECT hold_reason FROM lane WHERE bulk_id = %s::uuid"
    bound = WINDOW_ENDS_IN.total_seconds() + 15
    assert eventually(lambda: client.sql(held, bulk_id) == [("DELIVERY_TIME_WINDOW",)], bound)
    before = arrivals(client)
    assert before[-1] < (real + WINDOW_ENDS_IN).timestamp() + 0.5
    assert most_in_a_stretch(before) <= 20 + 1
    assert len(before) - 1 >= 0.98 * 2 * (before[-1] - before[0])
    assert bulk(client, bulk_id)["etaAt"] > (closes + timedelta(hours=23)).isoformat()[:19]

    wider = {"from": {"hour": (closes.hour - 1) % 24}, "to": {"hour": (closes.hour + 2) % 24}}
    client.api("PUT", path, {"deliveryTimeWindow": wider})
    assert eventually(lambda: client.sent() >= len(before) + 30, 30)
    after = arrivals(client)
    assert most_in_a_stretch(after) <= 20 + 1
    assert most_in_a_stretch(after[len(before) :]) >= 20 - 1
    client.api("PUT", path, {"sendingSpeedLimit": {"amount": 3000}})
    assert eventually(lambda: bulk(client, bulk_id)["state"] == "FINISHED", 60)
    assert bulk(client, bulk_id)["byState"] == {"delivered": 600}
    ids = tracking_ids(client)
    assert len(ids) == len(set(ids)) == 600
