"""run.json is there exactly while its gateway is, whatever became of an earlier one."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from gateway.stack import StackError, running
from gateway.stack.child import ROOT
from gateway.stack.run_file import Reign


def test_it_is_private_while_up_and_gone_after(tmp_path: Path) -> None:
    reign = Reign(tmp_path)
    reign.announce({"api": "http://127.0.0.1:1"})
    assert (tmp_path / "run.json").stat().st_mode & 0o777 == 0o600
    assert json.loads((tmp_path / "run.json").read_text()) == {"api": "http://127.0.0.1:1"}
    reign.end()
    assert not (tmp_path / "run.json").exists()


def test_a_second_gateway_is_refused(tmp_path: Path) -> None:
    reign = Reign(tmp_path)
    with pytest.raises(StackError, match="already runs"):
        Reign(tmp_path)
    reign.end()
    Reign(tmp_path).end()


def test_another_process_sees_it_only_while_it_runs(tmp_path: Path) -> None:
    code = f"""
import pathlib, time
from gateway.stack.run_file import Reign
reign = Reign(pathlib.Path({str(tmp_path)!r}))
reign.announce({{"api": "x"}})
print("up", flush=True)
time.sleep(60)
"""
    assert running(tmp_path) is None
    with subprocess.Popen([sys.executable, "-c", code], cwd=ROOT, stdout=subprocess.PIPE, text=True) as other:
        assert other.stdout is not None
        assert other.stdout.readline() == "up\n"
        assert running(tmp_path) == {"api": "x"}
        other.kill()
    assert (tmp_path / "run.json").exists()
    assert running(tmp_path) is None


def test_the_file_of_a_killed_gateway_goes_before_the_next_is_up(tmp_path: Path) -> None:
    (tmp_path / "run.json").write_text('{"api": "stale"}')
    reign = Reign(tmp_path)
    assert not (tmp_path / "run.json").exists()
    reign.end()
