#!/usr/bin/env python
"""Django's command line; commands that need servers attach to the embedded ones or start them for their duration."""

import os
import sys

from django.core.management import execute_from_command_line

from gateway.embedded import EmbeddedServerError, attach_or_start
from gateway.environment import HOME

WITHOUT_SERVERS = {
    "check",
    "collectstatic",
    "help",
    "makemessages",
    "compilemessages",
    "makemigrations",
    "translations",
    "mini_app",
    "run",
    "demo",
}


def main() -> None:
    """Run one management command; `run` and `demo` care for the servers themselves."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "gateway.settings")
    command = sys.argv[1] if len(sys.argv) > 1 else "help"
    if command not in WITHOUT_SERVERS:
        try:
            servers = attach_or_start(HOME)
        except EmbeddedServerError as error:
            sys.exit(str(error))
        os.environ.update(DATABASE_URL=servers.database_url, REDIS_URL=servers.redis_url)
    execute_from_command_line(sys.argv)


if __name__ == "__main__":
    main()
