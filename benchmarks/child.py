"""`python -m benchmarks.child DOTTED.NAME`: measures on the field that standard input tells, beside a stack that runs.

A process of its own, because Django takes its database from the environment once a process.
"""

import os
import sys

import django
import msgspec
from django.utils.module_loading import import_string

from benchmarks.field import Field


def main(name: str) -> None:
    """Measure and write the figures as one line of JSON."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "gateway.settings")
    django.setup()
    field = msgspec.json.decode(sys.stdin.buffer.read(), type=Field)
    # Reads Django's models, which are there only now.
    import_string("benchmarks.holding.keep_renewing")()
    measured = import_string(name)(field)
    sys.stdout.buffer.write(b"\n" + msgspec.json.encode(measured) + b"\n")


if __name__ == "__main__":
    main(sys.argv[1])
