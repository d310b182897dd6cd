"""What the sandbox does wrong while the demo runs, and only then."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from gateway.demo.case import Case
from gateway.demo.client import Client


@contextmanager
def in_force(sandbox: Client, cases: Sequence[Case]) -> Iterator[None]:
    """Put the faults of `cases` in force at the sandbox until the block ends. Raises DemoError."""
    ids: list[str] = []
    try:
        for fault in (fault for case in cases for fault in case.faults):
            ids.append(sandbox.post("/_/faults", fault)["id"])
        yield
    finally:
        for id in ids:
            sandbox.delete(f"/_/faults?id={id}")
