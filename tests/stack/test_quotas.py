"""A quota of 1,000 under four concurrent workers and 5,000 messages: exactly 1,000 leave."""

import json
import os
import subprocess
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from django.conf import settings

from gateway.stack import Stack
from gateway.stack.table import PROCESSES, Process
from tests.providers.sandbox.running import BUSINESS, eventually
from tests.stack.client import Client

pytestmark = pytest.mark.slow
TOTAL, LIMIT = 5_000, 1_000
WORKER = "worker-transactional"
SetQuota = Callable[..., str]


def processes() -> tuple[Process, ...]:
    """Return the usual table with three more workers of the class that the test sends in."""
    (usual,) = [process for process in PROCESSES if process.name == WORKER]
    more = [
        replace(
            usual,
            name=f"{WORKER}-{n}",
            argv=tuple(word.replace("transactional@", f"transactional-{n}@") for word in usual.argv),
        )
        for n in (2, 3, 4)
    ]
    return (*PROCESSES, *more)


@pytest.fixture(scope="module")
def crowd(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    home = Path(tmp_path_factory.mktemp("crowd"))
    with Stack(home=home, quiet=True, environ={"PATH": "/usr/bin:/bin"}, processes=processes()) as running:
        assert len([name for name in running.pids() if name.startswith(WORKER)]) == 4
        yield running


@pytest.fixture
def client(crowd: Stack) -> Client:
    client = Client(crowd.info)
    client.forget_requests()
    return client


@pytest.fixture
def set_quota(crowd: Stack) -> Iterator[SetQuota]:
    """Run the command beside the stack; what was set is cleared at the end."""
    set_of: list[tuple[str, ...]] = []

    def run(*arguments: str) -> str:
        command = [sys.executable, "manage.py", "set_quota", "--tenant", crowd.info["tenant"], *arguments]
        environ = {"PATH": os.environ["PATH"], "GATEWAY_HOME": str(crowd.home)}
        done = subprocess.run(
            command, cwd=settings.BASE_DIR, env=environ, capture_output=True, text=True, timeout=60, check=False
        )
        assert done.returncode == 0, done.stderr
        set_of.append(tuple(arguments[arguments.index("--channel") :][:2]) if "--channel" in arguments else ())
        return done.stdout

    yield run
    for scope in set(set_of):
        run("--clear", *scope)


def recipients(series: int) -> list[str]:
    return [f"8498{series}{n:06d}" for n in range(TOTAL)]


def templates_sent(client: Client) -> Counter[str]:
    """Return how many calls the sandbox received for each of its template ids: each belongs to one account."""
    path = f"/_/requests?host={BUSINESS}&path=/message/template"
    found = client.call(client.info["sandbox"], "GET", path)
    return Counter(json.loads(request["body"])["template_id"] for request in found)


def test_a_tenants_quota_that_rejects_lets_exactly_its_limit_leave(client: Client, set_quota: SetQuota):
    told = set_quota("--limit", str(LIMIT), "--period", "day", "--on-limit", "reject")
    assert told.startswith("demo: 1000 messages a day, then reject; 0 used")
    bulk = client.send_bulk(recipients(1))
    assert client.wait_for_ends([bulk], 120)
    assert client.states(bulk) == {"delivered": LIMIT, "rejected": TOTAL - LIMIT}
    assert client.sent() == LIMIT


def test_a_tenants_quota_that_holds_lets_exactly_its_limit_leave(client: Client, set_quota: SetQuota):
    set_quota("--limit", str(LIMIT), "--period", "day", "--on-limit", "hold")
    bulk = client.send_bulk(recipients(2))
    ended = "SELECT count(*) FROM message WHERE bulk_id = %s::uuid AND ended_at IS NOT NULL"
    assert eventually(lambda: client.sql(ended, bulk)[0][0] == LIMIT, 120)
    held = "SELECT hold_reason FROM lane WHERE bulk_id = %s::uuid"
    assert eventually(lambda: client.sql(held, bulk) == [("QUOTA_EXCEEDED",)], 10)
    assert client.states(bulk) == {"delivered": LIMIT, "queued": TOTAL - LIMIT}
    assert client.sent() == LIMIT
    client.api("PUT", f"/v1/bulks/{bulk}/status", {"status": "CANCELED"})
    assert client.wait_for_ends([bulk], 60)


def test_a_channels_quota_that_diverts_sends_the_rest_over_the_next_step(client: Client, set_quota: SetQuota):
    set_quota("--limit", str(LIMIT), "--on-limit", "divert", "--channel", client.info["channels"]["zns"]["id"])
    bulk = client.send_bulk(recipients(3), route="zns-zns")
    assert client.wait_for_ends([bulk], 120)
    assert client.states(bulk) == {"delivered": TOTAL}
    assert sorted(templates_sent(client).values()) == [LIMIT, TOTAL - LIMIT]
    assert templates_sent(client)[client.info["templates"]["order"]] == LIMIT
