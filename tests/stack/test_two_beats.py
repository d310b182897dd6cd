"""Two beats at once: each planned time of a recurring campaign has one run, and each person one message of it."""

import json
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator

import pytest
import requests
from django.conf import settings

from gateway.stack import Stack
from gateway.stack.table import BEAT
from tests.providers.sandbox.running import BUSINESS, eventually
from tests.stack.client import Client

pytestmark = pytest.mark.soak
PEOPLE = 20


@pytest.fixture
def second_beat(stack: Stack) -> Iterator[None]:
    """A beat beside the stack's own."""
    argv = [sys.executable, *BEAT.split()]
    with subprocess.Popen(argv, env=stack.env, cwd=settings.BASE_DIR, stdout=subprocess.DEVNULL) as beat:
        yield
        beat.terminate()


def test_two_beats_begin_one_run_for_each_planned_time(stack: Stack, client: Client, second_beat: None):
    template = client.info["templates"]["order"]
    names = client._parameters(template)
    rows = [",".join([f"098{n:07d}", *["1"] * len(names)]) for n in range(PEOPLE)]
    table = "\n".join([",".join(["to", *names]), *rows])
    wanted = {"name": "each minute", "templateId": template, "schedule": {"crontab": "* * * * *"}}
    made = requests.post(
        f"{client.info['api']}/v1/campaigns",
        files={"file": ("people.csv", table)},
        data={"campaign": json.dumps(wanted)},
        headers={"Authorization": f"Bearer {client.info['apiKey']}"},
        timeout=30,
    )
    assert made.status_code == 202, made.text
    id = int(made.json()["campaignId"])
    loaded = "SELECT count(*), count(DISTINCT planned_at) FROM campaign_run WHERE campaign_id = %s AND state = 'LOADED'"
    assert eventually(lambda: client.sql(loaded, id)[0][0] > 0, 150)
    client.api("PUT", f"/v1/campaigns/{id}/status", {"status": "PAUSED"})
    runs, times = client.sql(loaded, id)[0]
    assert runs == times <= 2
    client.api("PUT", f"/v1/campaigns/{id}/status", {"status": "PROCESSING"})
    assert eventually(lambda: client.sent() >= runs * PEOPLE, 30)
    client.api("PUT", f"/v1/campaigns/{id}/status", {"status": "CANCELED"})
    runs = client.sql("SELECT count(*) FROM campaign_run WHERE campaign_id = %s AND rows_loaded > 0", id)[0][0]
    found = client.call(client.info["sandbox"], "GET", f"/_/requests?host={BUSINESS}&path=/message/template")
    arrived = Counter(json.loads(request["body"])["phone"] for request in found)
    assert len(arrived) == PEOPLE
    assert max(arrived.values()) <= runs
