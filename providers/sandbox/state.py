"""What all hosts of one running sandbox share."""

import time
from pathlib import Path

from providers.sandbox.faults import Faults
from providers.sandbox.inbox import Inbox
from providers.sandbox.record import Record
from providers.sandbox.settings import Settings, SettingsKeeper
from providers.sandbox.store import Store
from providers.sandbox.tally import Tally
from providers.sandbox.webhooks import Webhooks

KEEP_REQUESTS = 200_000
KEEP_MESSAGES = 200_000


class Sandbox:
    """The state of one sandbox under `home`; `retry_scale` shortens the waits of the webhooks' retry ladder."""

    def __init__(self, home: Path, *, retry_scale: float = 0.1, keep_requests: int = KEEP_REQUESTS) -> None:
        self.store = Store(home / "sandbox.sqlite3", keep_requests=keep_requests, keep_messages=KEEP_MESSAGES)
        self.record = Record(self.store)
        self.keeper = SettingsKeeper(self.store)
        self.faults = Faults(self.store)
        self.webhooks = Webhooks(self.store, retry_scale=retry_scale)
        self.inbox = Inbox(self.store)
        self.tally = Tally(self.store)

    @property
    def settings(self) -> Settings:
        """The settings in force."""
        return self.keeper.now

    def now(self) -> float:
        """Return the sandbox's time in epoch seconds."""
        return time.time()

    async def start(self) -> None:
        """Begin to write and to deliver."""
        await self.store.start()
        await self.webhooks.start()

    async def stop(self) -> None:
        """Stop delivering and save everything."""
        await self.webhooks.stop()
        await self.store.close()
