"""The whole gateway as one family of processes: for `make run`, the demo, benchmarks and fault tests."""

from .errors import StackError
from .run_file import running
from .stack import Stack

__all__ = ["Stack", "StackError", "running"]
