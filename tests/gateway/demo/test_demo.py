"""The demo as a person runs it: a process, on a gateway of its own and on one that runs."""

import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from gateway import embedded
from gateway.stack import Stack
from gateway.stack.run_file import running
from providers.registry import PROVIDERS

ROOT = Path(__file__).resolve().parents[3]
BOUND = 280
OWN = ("DATABASE_URL", "REDIS_URL", "GATEWAY_TEST_HOME", "PUBLIC_URL", "SANDBOX_URL")
ENVIRON = {name: value for name, value in os.environ.items() if name not in OWN}

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def home() -> Iterator[Path]:
    """A home outside pytest's own folders, whose long names leave no room for a socket."""
    top = Path(tempfile.mkdtemp(prefix="gwd-"))
    top.chmod(0o711)
    yield top / "home"
    embedded.stop(top / "home")
    shutil.rmtree(top, ignore_errors=True)


def demo(home: Path) -> tuple[int, dict[str, Any], str]:
    """Run the demo; return its exit code, the object of its last line and all it wrote."""
    ran = subprocess.run(
        [sys.executable, "manage.py", "demo"], cwd=ROOT, env=ENVIRON | {"GATEWAY_HOME": str(home)},
        capture_output=True, text=True, timeout=BOUND, check=False,
    )  # fmt: skip
    return ran.returncode, json.loads(ran.stdout.splitlines()[-1]), ran.stdout + ran.stderr


def test_every_message_reaches_its_end_on_a_gateway_of_its_own(home):
    code, last, written = demo(home)

    assert code == 0, written
    assert last["byState"] == {"delivered": 1014, "expired": 2, "rejected": 3, "sent": 1, "undeliverable": 1}
    assert (last["ok"], last["wrong"], last["accepted"]) == (True, [], 1021)
    assert last["byKind"] == {kind: "sent" if kind == "mini_app" else "delivered" for kind in PROVIDERS}
    assert last["failovers"]["not on Zalo"] == ["zns", "nxcloud", "nxcloud_sms"]
    assert running(home) is None


def test_it_uses_the_gateway_that_runs_and_works_again(home):
    with Stack(home, quiet=True, environ=ENVIRON) as stack:
        code, last, written = demo(home)

        assert code == 0, written
        assert last["accepted"] == 1021
        assert f"using the gateway at {stack.info['api']}" in written
        assert running(home) is not None
