"""Lets receipts gather for a moment, then applies them together: a transaction costs more than its rows."""

import threading
import time
from typing import Any, Final

import structlog
from celery.signals import worker_process_shutdown
from django.db import connection

from messaging.dispatch import bell
from messaging.dispatch.tick import drain_receipts
from messaging.states import MessageClass

STOP_SECONDS: Final = 5.0
log = structlog.get_logger(__name__)


class Gatherer:
    """Applies the receipts of one class in a thread of its own: a task that waited would hold up those behind it."""

    def __init__(self, message_class: MessageClass) -> None:
        self._message_class = message_class
        self._wanted = threading.Event()
        self._stopping = False
        self._thread = threading.Thread(target=self._run, name=f"receipts-{message_class.queue}", daemon=True)
        self._thread.start()

    def look(self) -> None:
        """Have a look that begins `bell.GATHER` seconds after this call or later."""
        self._wanted.set()

    def stop(self) -> None:
        """End after the look under way; what nobody has looked at is left to other processes."""
        self._stopping = True
        self._wanted.set()
        self._thread.join(STOP_SECONDS)

    def _run(self) -> None:
        while self._wanted.wait() and not self._stopping:
            # Cleared before the time is waited for: whoever rings from here on gets another look, a whole time later.
            self._wanted.clear()
            time.sleep(bell.GATHER[self._message_class])
            try:
                bell.lower_receipts(self._message_class)
                if not drain_receipts(self._message_class):
                    self._wanted.set()
            except Exception as error:
                # The tick looks again within a second.
                log.warning("receipts.not_applied", error=type(error).__name__)
                connection.close()
        connection.close()


_gatherers: dict[int, Gatherer] = {}


def look(message_class: int) -> None:
    """Have this process apply stored receipts of a class soon. To be called from one thread, that of the tasks."""
    if message_class not in _gatherers:
        _gatherers[message_class] = Gatherer(MessageClass(message_class))
    _gatherers[message_class].look()


@worker_process_shutdown.connect(weak=False)
def stop_gatherers(**_: Any) -> None:
    """Finish what is being applied before the worker's child exits."""
    for gatherer in _gatherers.values():
        gatherer.stop()
    _gatherers.clear()
