"""What a benchmark works on: a stack that is up, told to a process of its own as JSON."""

from typing import Any

import msgspec


class Field(msgspec.Struct, frozen=True, kw_only=True):
    """`info` is what run.json holds; `pids` role -> process name -> number, with `postgres` and `redis` among the
    roles; `quick` asks for the smaller loads."""

    info: dict[str, Any]
    pids: dict[str, dict[str, int]]
    quick: bool

    def of(self, role: str) -> list[int]:
        """Return the numbers of all processes of a role."""
        return list(self.pids.get(role, {}).values())

    @property
    def channel(self) -> int:
        """Return the id of the demo tenant's ZNS channel."""
        return int(self.info["channels"]["zns"]["id"])

    def size(self, whole: int, quick: int) -> int:
        """Return the load of this run."""
        return quick if self.quick else whole
