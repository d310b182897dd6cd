"""What `deploy/` runs is what `make run` runs, word for word."""

import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from gateway.stack.table import PROCESSES, Process

ROOT = Path(__file__).resolve().parents[3]
READS = re.compile(r"""(?:env\.\w+|secret)\(\s*"([A-Z][A-Z_]+)\"|environ(?:\.get\(|\[)"([A-Z][A-Z_]+)\"""")
NOT_OURS = {"NO_COLOR"}


def names_for_values(text: str) -> str:
    """`${NAME}` and `${NAME:-default}` as the table writes them: `{NAME}`."""
    return re.sub(r"\$\{(\w+)(?::-[^}]*)?\}", r"{\1}", text)


@pytest.fixture(scope="module")
def services() -> dict[str, Any]:
    composed = yaml.safe_load((ROOT / "deploy" / "compose.yaml").read_text())
    return dict(composed["services"])


@pytest.mark.parametrize("process", PROCESSES, ids=lambda process: process.name)
def test_compose_runs_the_command_of_the_table(process: Process, services: dict[str, Any]) -> None:
    words = [names_for_values(word) for word in services[process.name]["command"]]
    assert words == ["python", *process.argv]


def test_compose_runs_no_other_process_of_ours(services: dict[str, Any]) -> None:
    assert set(services) - {"postgres", "valkey", "migrate"} == {process.name for process in PROCESSES}


@pytest.mark.parametrize("process", PROCESSES, ids=lambda process: process.name)
def test_a_unit_runs_the_command_of_the_table(process: Process) -> None:
    unit = (ROOT / "deploy" / "systemd" / f"gateway-{process.name}.service").read_text()
    (command,) = re.findall(r"^ExecStart=\S+/python (.*)$", unit, re.MULTILINE)
    assert names_for_values(command.replace("%%", "%")).split() == list(process.argv)


def test_the_target_wants_every_process_but_the_sandbox() -> None:
    target = (ROOT / "deploy" / "systemd" / "gateway.target").read_text()
    wanted = set(re.findall(r"gateway-([a-z-]+)\.service", target))
    assert wanted == {process.name for process in PROCESSES} - {"sandbox"}


def test_the_image_serves_the_web_process_of_the_table() -> None:
    web = next(process for process in PROCESSES if process.name == "web")
    command = (ROOT / "deploy" / "Dockerfile").read_text().partition("\nCMD ")[2].replace("\\\n", "")
    values = {"BIND_HOST": "0.0.0.0", "PORT": "8000", "WEB_WORKERS": "2", "WEB_THREADS": "4"}  # noqa: S104  inside a container
    assert yaml.safe_load(command) == ["python", *web.command(values)]


def test_the_example_names_every_variable_that_is_read() -> None:
    example = set(
        re.findall(r"^#?([A-Z][A-Z_]+)=", (ROOT / "deploy" / "gateway.env.example").read_text(), re.MULTILINE)
    )
    sources = [
        path for room in ("gateway", "messaging", "tenants", "providers") for path in (ROOT / room).rglob("*.py")
    ]
    read = {name for path in sources for pair in READS.findall(path.read_text()) for name in pair if name}
    assert read - NOT_OURS - example == set()
    assert {"SECRET_KEY", "DATABASE_URL", "UNKNOWN_WAIT"} <= read
