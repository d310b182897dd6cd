"""`run.json`: what a script needs to use the running gateway. It is there exactly while the gateway is up."""

import contextlib
import json
import os
from pathlib import Path
from typing import Any

from gateway.embedded.folder import write_private
from gateway.embedded.locks import EXCLUSIVE, open_lock, try_lock

from .errors import StackError

NAME = "run.json"


class Reign:
    """The right to be the gateway of a home, held by a lock: a killed one's file is stale and is replaced."""

    def __init__(self, home: Path) -> None:
        """Raises StackError if a gateway runs there already."""
        self._path = home / NAME
        self._descriptor = open_lock(home / "run.lock")
        if not try_lock(self._descriptor, EXCLUSIVE):
            os.close(self._descriptor)
            raise StackError(f"a gateway already runs with its data in {home}; stop it, or set GATEWAY_HOME")
        self._path.unlink(missing_ok=True)

    def announce(self, info: dict[str, Any]) -> None:
        """Writes the file: whoever sees it sees it whole."""
        write_private(self._path, json.dumps(info, ensure_ascii=False, indent=2) + "\n")

    def end(self) -> None:
        """Removes the file and gives the home free."""
        self._path.unlink(missing_ok=True)
        os.close(self._descriptor)


def running(home: Path) -> dict[str, Any] | None:
    """What `run.json` says if a gateway is up under `home`; None if none is, even where a killed one left its file."""
    with contextlib.suppress(OSError, ValueError):
        info: dict[str, Any] = json.loads((home / NAME).read_text())
        descriptor = open_lock(home / "run.lock")
        try:
            return None if try_lock(descriptor, EXCLUSIVE) else info
        finally:
            os.close(descriptor)
    return None
