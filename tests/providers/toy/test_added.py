"""One folder and one line of the registry make a provider: tried in a copy of the tree."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[3]
TOY = Path(__file__).parent
ROOMS = ("gateway", "messaging", "tenants", "providers", "tests")
BOUND = 240
OWN = ("DATABASE_URL", "REDIS_URL", "GATEWAY_TEST_HOME", "GATEWAY_HOME", "PUBLIC_URL", "SANDBOX_URL")
FIRST_IMPORT = "from providers.zns.adapter import ZNS\n"
LINE = '    "zns": ZNS,\n'

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def tree(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the code with the toy's folder among the providers and its line in the registry."""
    copy = Path(tmp_path_factory.mktemp("tree"))
    for room in ROOMS:
        shutil.copytree(ROOT / room, copy / room, ignore=shutil.ignore_patterns("__pycache__"))
    for file in ("manage.py", "pyproject.toml"):
        shutil.copy(ROOT / file, copy)
    shutil.copytree(TOY / "provider", copy / "providers" / "toy", ignore=shutil.ignore_patterns("__pycache__"))
    registry = copy / "providers" / "registry.py"
    text = registry.read_text()
    assert text.count(LINE) == 1
    text = text.replace(LINE, f'{LINE}    "toy": TOY,\n')
    registry.write_text(text.replace(FIRST_IMPORT, f"from providers.toy.adapter import TOY\n{FIRST_IMPORT}"))
    return copy


def run(tree: Path, *argv: str) -> subprocess.CompletedProcess[str]:
    """Run python with these arguments in the copy, with servers of its own."""
    env = {name: value for name, value in os.environ.items() if name not in OWN and not name.startswith("PYTEST")}
    return subprocess.run(
        [sys.executable, *argv], cwd=tree, env=env, capture_output=True, text=True, timeout=BOUND, check=False
    )


def test_the_guard_holds_the_toy_to_the_same(tree: Path):
    files = ("tests/providers/test_registry_guard.py", "tests/providers/test_registry_cases.py")
    done = run(tree, "-m", "pytest", *files, "-k", "toy")

    assert done.returncode == 0, done.stdout
    assert " passed" in done.stdout


def test_a_message_goes_over_the_toy_end_to_end(tree: Path):
    done = run(tree, "-m", "pytest", "tests/providers/toy/whole_way.py")

    assert done.returncode == 0, done.stdout
    assert "4 passed" in done.stdout


def test_a_new_kind_needs_no_migration(tree: Path):
    done = run(tree, "-W", "ignore", "manage.py", "makemigrations", "--check", "--dry-run")

    assert done.returncode == 0, done.stdout + done.stderr
