"""What is done once between the servers' start and the processes': the schema, the seed, and the waits."""

import http
import http.client
import json
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from typing import Any

from .child import ROOT
from .errors import StackError

STEP_SECONDS = 180.0
ASK_SECONDS = 2.0
LOOK_SECONDS = 0.25


def manage(words: list[str], env: Mapping[str, str]) -> str:
    """Runs `manage.py` with `words` and returns what it wrote to standard output. Raises StackError."""
    command = [sys.executable, "manage.py", *words]
    try:
        ran = subprocess.run(
            command, cwd=ROOT, env=dict(env), capture_output=True, text=True, timeout=STEP_SECONDS, check=False,
            stdin=subprocess.DEVNULL, start_new_session=True,
        )  # fmt: skip
    except subprocess.TimeoutExpired as error:
        raise StackError(f"`manage.py {words[0]}` took over {STEP_SECONDS:.0f} s") from error
    if ran.returncode:
        said = " | ".join((ran.stderr or ran.stdout).strip().splitlines()[-3:])
        raise StackError(f"`manage.py {words[0]}` failed: {said}")
    return ran.stdout


def seed(env: Mapping[str, str]) -> dict[str, Any]:
    """Seeds the demo tenant and returns what the seed says of it; {} with SEED=0. Raises StackError."""
    if env.get("SEED") == "0":
        return {}
    said = manage(["seed_demo", "--json"], env).strip().splitlines()
    try:
        info = json.loads(said[-1])
    except (IndexError, ValueError) as error:
        raise StackError("`manage.py seed_demo --json` did not end with a line of JSON") from error
    return dict(info)


def answers(port: int, path: str) -> bool:
    """Whether 127.0.0.1:`port` answers GET `path` with 200."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=ASK_SECONDS)
    try:
        connection.request("GET", path)
        return connection.getresponse().status == http.HTTPStatus.OK
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()


def wait_until(ready: Callable[[], bool], seconds: float, what: str, watch: Callable[[], None]) -> None:
    """Looks until `ready` says so, calling `watch` (which may raise) before each look. Raises StackError in the end."""
    deadline = time.monotonic() + seconds
    while True:
        watch()
        if ready():
            return
        if time.monotonic() > deadline:
            raise StackError(f"{what} did not answer within {seconds:.0f} s")
        time.sleep(LOOK_SECONDS)
