"""Whatever is killed in the middle of a bulk: nothing is lost, nothing is sent twice."""

import signal
from collections.abc import Iterator

import pytest
from django.conf import settings

from gateway.stack import Stack
from providers.zalo.hosts import BUSINESS_HOST
from tests.providers.sandbox.running import eventually
from tests.stack.client import Client

pytestmark = pytest.mark.slow
TOTAL = 20_000
FIRST_CUT = 2_000
# A provider that takes its time, so that there is a middle of a bulk to be killed in.
SLOW = {"host": BUSINESS_HOST, "path": "/message/template", "fault": "delay", "delayMs": 200}


@pytest.fixture(autouse=True)
def slow_provider(client: Client) -> Iterator[None]:
    client.call(client.info["sandbox"], "POST", "/_/faults", SLOW)
    yield
    client.call(client.info["sandbox"], "DELETE", "/_/faults")


def start_bulk(client: Client) -> list[str]:
    """Send 20,000 messages and return when the sandbox has had a tenth of them."""
    numbers = [f"8498{n:07d}" for n in range(TOTAL)]
    bulks = [client.send_bulk(numbers[start : start + 10_000]) for start in range(0, TOTAL, 10_000)]
    assert eventually(lambda: client.sent() > FIRST_CUT, 60)
    return bulks


def assert_each_ended_and_none_left_twice(client: Client, bulks: list[str]) -> int:
    """Return how many outcomes were unknown for a while."""
    assert client.wait_for_ends(bulks, 150)
    assert sum(client.states(bulk).total() for bulk in bulks) == TOTAL
    assert set(client.tracking_ids().values()) == {1}
    unknown = client.sql(
        "SELECT count(DISTINCT message_id) FROM event WHERE type = 'unknown' AND message_id IN "
        "(SELECT id FROM message WHERE bulk_id = ANY(%s::uuid[]))",
        bulks,
    )[0][0]
    ended_otherwise = client.sql(
        "SELECT count(*) FROM message WHERE bulk_id = ANY(%s::uuid[]) AND state <> 3 "
        "AND NOT (state = 7 AND reason = 'OUTCOME_UNKNOWN')",
        bulks,
    )[0][0]
    assert ended_otherwise == 0
    return int(unknown)


def test_killed_workers_leave_at_most_what_was_in_flight_unknown(stack: Stack, client: Client):
    bulks = start_bulk(client)
    stack.kill_workers(signal.SIGKILL)
    in_flight = client.sql("SELECT count(*) FROM due WHERE phase = 1")[0][0]
    assert client.sent() < TOTAL
    stack.start_workers()
    unknown = assert_each_ended_and_none_left_twice(client, bulks)
    assert unknown <= in_flight <= settings.DISPATCH_PLACES


def test_an_emptied_redis_loses_nothing(stack: Stack, client: Client):
    bulks = start_bulk(client)
    stack.flush_redis()
    assert assert_each_ended_and_none_left_twice(client, bulks) == 0


def test_a_restarted_postgres_loses_nothing(stack: Stack, client: Client):
    bulks = start_bulk(client)
    stack.restart_postgres()
    assert assert_each_ended_and_none_left_twice(client, bulks) <= settings.DISPATCH_PLACES
