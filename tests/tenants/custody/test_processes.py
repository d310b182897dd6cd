import json
import os
import subprocess
import sys
from datetime import timedelta
from threading import Event

import pytest
from django.conf import settings
from django.db import connection

from tenants.custody import ReconnectNeeded, refresh
from tenants.models import OfficialAccount
from tests.tenants.custody.token_endpoint import pair

pytestmark = pytest.mark.django_db(transaction=True)
TOKEN_PATH = {"host": "oauth.zaloapp.com", "path": "/v4/oa/access_token"}


class Refresher:
    """A process of its own on the test's database, ready when this is made."""

    def __init__(self, row: OfficialAccount, stale: str, threads: int) -> None:
        database = connection.settings_dict
        login = f"{database['USER']}:{database['PASSWORD']}@" if database["PASSWORD"] else f"{database['USER']}@"
        self.process = subprocess.Popen(
            [sys.executable, "-m", "tests.tenants.custody.refresher", str(row.pk), stale, str(threads)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            cwd=settings.BASE_DIR,
            env=os.environ
            | {
                "DJANGO_SETTINGS_MODULE": "gateway.settings",
                "DATABASE_URL": f"postgres://{login}{database['HOST']}:{database['PORT']}/{database['NAME']}",
                "SANDBOX_URL": settings.SANDBOX_URL,
                "PYTHONPATH": str(settings.BASE_DIR),
            },
        )
        assert self.process.stdout is not None
        assert self.process.stdout.readline() == "ready\n"

    def go(self) -> None:
        assert self.process.stdin is not None
        self.process.stdin.write("go\n")
        self.process.stdin.flush()

    def got(self) -> list[str | None]:
        answers: list[str | None] = json.loads(self.process.communicate(timeout=60)[0].splitlines()[-1])
        return answers

    def kill(self) -> None:
        self.process.kill()
        self.process.communicate(timeout=10)


def test_a_hundred_refreshes_over_four_processes_make_one_call(at_sandbox, sandbox):
    stale = at_sandbox.access_token
    refreshers = [Refresher(at_sandbox, stale, 25) for _ in range(4)]
    for refresher in refreshers:
        refresher.go()
    got = [token for refresher in refreshers for token in refresher.got()]
    row = OfficialAccount.objects.select_related("account").get(pk=at_sandbox.pk)
    assert len(sandbox.record(**TOKEN_PATH)) == 1
    assert len(got) == 100
    assert set(got) - {None} == {row.access_token}
    assert row.access_token == sandbox.accounts()["credentials"]["accessToken"] != stale


def test_a_process_killed_during_the_call_stops_nobody_for_longer_than_its_lease(connected, endpoint, moved):
    asked, killed = Event(), Event()

    def never_mind() -> None:
        asked.set()
        assert killed.wait(20)

    zalo = endpoint(never_mind, pair(1))
    refresher = Refresher(connected, "access-0", 1)
    refresher.go()
    assert asked.wait(20)
    refresher.kill()
    killed.set()
    with moved(timedelta(seconds=31)):
        assert refresh(connected.pk, "access-0") == "access-1"
    assert len(zalo.heard) == 2


def test_a_pair_lost_with_its_process_shows_as_reconnect_needed(at_sandbox, sandbox, moved):
    """Somebody spent the refresh token and died before storing what came of it."""
    assert sandbox.refresh(at_sandbox.refresh_token).json()["access_token"]
    with moved(timedelta(seconds=31)), pytest.raises(ReconnectNeeded):
        refresh(at_sandbox.pk, at_sandbox.access_token)
    assert OfficialAccount.objects.get(pk=at_sandbox.pk).status == OfficialAccount.Status.RECONNECT
