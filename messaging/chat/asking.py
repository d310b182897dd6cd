"""Asking workers to read followers."""

from collections.abc import Iterable
from typing import Final

import structlog
from celery import current_app
from kombu.exceptions import OperationalError

TASK: Final = "messaging.sync_followers"
EXPIRES_SECONDS: Final = 3_000
log = structlog.get_logger(__name__)


def ask_to_sync(channel_ids: Iterable[int]) -> bool:
    """Have workers read the followers of these channels' official accounts; return whether they could be asked."""
    try:
        for channel_id in channel_ids:
            current_app.send_task(TASK, (channel_id,), queue="upkeep", retry=False, expires=EXPIRES_SECONDS)
    except (OperationalError, OSError) as error:
        log.warning("followers.not_asked", error=type(error).__name__)
        return False
    return True
