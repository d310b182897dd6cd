"""A campaign beside a running gateway: steered from the command line, killed while it loads and while it sends."""

import json
import os
import signal
import subprocess
import sys
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings

from gateway.stack import Stack
from tests.providers.sandbox.running import BUSINESS, eventually
from tests.stack.client import Client

pytestmark = pytest.mark.soak
TOTAL = 20_000
FIRST_CUT = 1_000


class Operator:
    """Somebody at the command line beside the gateway."""

    def __init__(self, stack: Stack) -> None:
        self._env = {**stack.env, "PYTHONWARNINGS": "ignore"}

    def run(self, *arguments: str) -> str:
        """Return what a command prints. Fails where it does."""
        argv = [sys.executable, "manage.py", *arguments]
        done = subprocess.run(
            argv, env=self._env, cwd=settings.BASE_DIR, capture_output=True, text=True, timeout=60, check=False
        )
        assert done.returncode == 0, done.stderr
        return done.stdout.strip()

    def status(self, campaign: str) -> dict[str, Any]:
        """Return what `campaign_status --json` says."""
        told: dict[str, Any] = json.loads(self.run("campaign_status", campaign, "--json"))
        return told


def recipients(client: Client) -> Counter[str]:
    """Return how often each phone number arrived at the sandbox."""
    found = client.call(client.info["sandbox"], "GET", f"/_/requests?host={BUSINESS}&path=/message/template")
    return Counter(json.loads(request["body"])["phone"] for request in found)


def write_table(client: Client, path: Path) -> None:
    """Write 20,000 customers of the order template, with a head for each of its parameters."""
    template = client.info["templates"]["order"]
    names = client._parameters(template)
    rows = [",".join([f"098{n:07d}", *["1"] * len(names)]) for n in range(TOTAL)]
    path.write_text("\n".join([",".join(["phone", *names]), *rows]))


def kill_everything(stack: Stack) -> None:
    """SIGKILL to every process of the gateway but its servers and the sandbox, and up again."""
    stack.kill_workers(signal.SIGKILL)
    for role in ("beat", "web"):
        for pid in stack.pids(role).values():
            os.killpg(pid, signal.SIGKILL)
    stack.start_workers()


def test_a_campaign_reaches_each_recipient_once_whatever_is_killed(stack: Stack, client: Client, tmp_path: Path):
    operator = Operator(stack)
    path = tmp_path / "people.csv"
    write_table(client, path)
    arguments = ["--tenant", "demo", "--template", client.info["templates"]["order"], "--route", "default"]
    id = operator.run("create_campaign", *arguments, "--file", str(path), "--map", "phone=to")
    loaded = "SELECT coalesce(sum(rows_loaded), 0) FROM campaign_run WHERE campaign_id = %s"
    assert eventually(lambda: client.sql(loaded, int(id))[0][0] > 0, 30)
    kill_everything(stack)
    assert client.sent() == 0 or client.sql(loaded, int(id))[0][0] == TOTAL

    assert eventually(lambda: client.sent() > FIRST_CUT, 60)
    operator.run("campaign", "pause", id)
    assert eventually(lambda: "sending" not in operator.status(id)["byState"], 20)
    stood = client.sent()
    assert not eventually(lambda: client.sent() > stood, 2)
    assert operator.status(id)["state"] == "PAUSED"
    assert stood < TOTAL

    operator.run("campaign", "speed", id, "60000/MINUTE")
    operator.run("campaign", "resume", id)
    assert eventually(lambda: client.sent() > stood + FIRST_CUT, 30)
    status = operator.status(id)
    assert status["etaAt"] is not None
    assert sum(status["byState"].values()) == status["total"] == TOTAL
    kill_everything(stack)

    assert eventually(lambda: operator.status(id)["state"] == "FINISHED", 150), operator.status(id)
    arrived = recipients(client)
    assert set(arrived.values()) == {1}
    by_state = operator.status(id)["byState"]
    never_left = TOTAL - len(arrived)
    assert by_state.get("delivered", 0) + by_state.get("undeliverable", 0) == TOTAL
    unknown = client.sql(
        "SELECT count(*) FROM message m JOIN campaign_row r ON r.message_id = m.id "
        "JOIN campaign_run u ON u.id = r.run_id "
        "WHERE u.campaign_id = %s AND m.state = 7 AND m.reason = 'OUTCOME_UNKNOWN'",
        int(id),
    )[0][0]
    assert unknown == by_state.get("undeliverable", 0)
    assert never_left <= unknown
