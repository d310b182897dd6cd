"""`manage.py demo`: the main job once, on the gateway that runs under GATEWAY_HOME, else on one of its own."""

import json
import signal
import sys
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from gateway.demo.errors import DemoError
from gateway.demo.job import carry_out
from gateway.embedded import EmbeddedServerError
from gateway.stack import Stack, StackError
from gateway.stack.run_file import running

FAILED = {"ok": False, "accepted": 0, "byState": {}, "seconds": 0.0}


class Command(BaseCommand):
    help = "Send over every kind of channel, fail over for every cause, send a bulk of 1,000; follow each to its end."
    requires_system_checks = []

    def handle(self, *args: Any, **options: Any) -> None:
        """Writes a table, then one JSON object as the last line of standard output. Raises CommandError, naming
        them, where messages ended otherwise than prescribed."""
        signal.signal(signal.SIGTERM, signal.default_int_handler)
        home = Path(settings.GATEWAY_HOME)
        try:
            result = self._on_a_gateway(home)
        except (DemoError, StackError, EmbeddedServerError) as error:
            self.stdout.write(json.dumps(FAILED))
            raise CommandError(str(error)) from None
        self.stdout.write(json.dumps(result))
        if not result["ok"]:
            raise CommandError("not as expected: " + "; ".join(result["wrong"]))

    def _on_a_gateway(self, home: Path) -> dict[str, Any]:
        info = running(home)
        if info is not None:
            self.stdout.write(f"using the gateway at {info['api']}")
            return self._carry_out(info)
        self.stdout.write(f"starting a gateway on free ports, its data in {home}, its logs in {home / 'logs'}")
        self.stdout.flush()
        with Stack(home, quiet=True) as stack:
            self.stdout.write(f"ready at {stack.info['api']}")
            return self._carry_out(stack.info)

    def _carry_out(self, info: dict[str, Any]) -> dict[str, Any]:
        if "apiKey" not in info:
            raise DemoError("the gateway was started with SEED=0: there is no tenant to send as")
        return carry_out(info, sys.stdout, sys.stderr)
