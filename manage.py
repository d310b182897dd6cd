#!/usr/bin/env python
"""Django's command line; commands that need servers attach to the embedded ones or start them for their duration."""

import contextlib
import os
import sys

from django.core.management import execute_from_command_line

from gateway.embedded import embedded_environment

WITHOUT_SERVERS = {
    "check",
    "collectstatic",
    "compilemessages",
    "help",
    "makemessages",
    "makemigrations",
    "run",
    "version",
}


def main() -> None:
    """Run one management command; `run`, the supervisor, cares for the servers itself."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "gateway.settings")
    command = sys.argv[1] if len(sys.argv) > 1 else "help"
    servers = contextlib.nullcontext() if command in WITHOUT_SERVERS else embedded_environment()
    with servers:
        execute_from_command_line(sys.argv)


if __name__ == "__main__":
    main()
