"""`manage.py run`: everything for a developer's day in one terminal, until Ctrl-C or SIGTERM."""

import os
import signal
import time
from pathlib import Path
from types import FrameType
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from gateway.embedded import EmbeddedServerError
from gateway.stack import Stack, StackError
from gateway.stack.errors import StoppedEarlyError
from gateway.stack.table import DEFAULTS

SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
LOOK_SECONDS = 0.1


class Command(BaseCommand):
    help = "Run the servers, the web process, the workers, beat and the sandbox; Ctrl-C stops them all."
    requires_system_checks = []

    def handle(self, *args: Any, **options: Any) -> None:
        """Runs until a signal; the second one hastens the stop. Raises CommandError with one line."""
        stack = Stack(Path(settings.GATEWAY_HOME), port_of("PORT"), port_of("SANDBOX_PORT"))
        try:
            with Told(stack) as told, stack:
                told.wait()
                self.stdout.write("\nstopping (once more to hasten)")
        except StoppedEarlyError as error:
            self.stdout.write(str(error))
        except EmbeddedServerError as error:
            raise CommandError(str(error), returncode=error.exit_code) from None
        except StackError as error:
            raise CommandError(str(error)) from None


class Told:
    """SIGINT, SIGTERM and SIGHUP while a stack runs: the first stops it, the next hasten the stop.

    The handler sets plain flags only: it may interrupt any line, one that holds a lock too.
    """

    def __init__(self, stack: Stack) -> None:
        self._stack, self._times = stack, 0

    def __enter__(self) -> "Told":
        for number in SIGNALS:
            signal.signal(number, self._told)
        return self

    def __exit__(self, *unused: object) -> None:
        for number in SIGNALS:
            signal.signal(number, signal.SIG_IGN)

    def wait(self) -> None:
        """Returns soon after the first signal."""
        while not self._times:
            time.sleep(LOOK_SECONDS)

    def _told(self, number: int, frame: FrameType | None) -> None:
        self._times += 1
        self._stack.tell()
        if self._times > 1:
            self._stack.hasten()


def port_of(variable: str) -> int:
    """The port an environment variable names, or its default. Raises CommandError if it is no port."""
    given = os.environ.get(variable) or DEFAULTS[variable]
    if not given.isdecimal() or not 0 < int(given) < 65536:
        raise CommandError(f"{variable} must be a port between 1 and 65535, not {given!r}")
    return int(given)
