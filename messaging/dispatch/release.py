"""When claimed messages may leave, told on this process's own clock."""

import asyncio
import time
from collections.abc import Sequence
from datetime import datetime

from django.conf import settings

from messaging.dispatch.claiming import Claim
from messaging.dispatch.loading import Loaded


class Release:
    """The times of one claim, whose transaction began at `started` (monotonic).

    The database read `claim.at` before this process took note of it, so nothing is released early.
    """

    def __init__(self, claim: Claim, started: float) -> None:
        self._at, self._read = claim.at, time.monotonic()
        self._patience = claim.patience.total_seconds() if claim.patience else None
        self._lease_ends = started + settings.LEASE.total_seconds()

    def lease_ends(self, items: Sequence[Loaded]) -> float:
        """Return until when (monotonic) the calls of these messages may run."""
        return self._lease_ends + max(self._delay(item.claimed.release_at) for item in items)

    async def wait(self, items: Sequence[Loaded]) -> bool:
        """Wait for the slots of messages that leave together; return False where they were missed."""
        delay = max(self._delay(item.claimed.release_at) for item in items)
        if not delay:
            return True
        slot = self._read + delay
        await asyncio.sleep(max(0.0, slot - time.monotonic()))
        return self._patience is None or time.monotonic() - slot <= self._patience

    def _delay(self, at: datetime | None) -> float:
        return max(0.0, (at - self._at).total_seconds()) if at else 0.0
