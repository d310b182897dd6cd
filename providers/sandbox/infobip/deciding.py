"""Decides what becomes of each message: by its recipient, its content, the account's credit and quota."""

from collections.abc import Mapping

import msgspec

from providers.sandbox.inbox import Shown
from providers.sandbox.infobip.fates import Fate, fate, within
from providers.sandbox.infobip.orders import Order
from providers.sandbox.infobip.purse import Purse
from providers.sandbox.infobip.seeds import Account
from providers.sandbox.state import Sandbox

TRIED_AT_MOST = 10_000


class Judged(msgspec.Struct, frozen=True, kw_only=True):
    """What the channel makes of an order: what a phone shows, the billed parts, and what is wrong with it if anything.

    `refusal` is a status of the answer, `failure` an error of the later report.
    """

    shown: Shown
    parts: int = 1
    refusal: str = ""
    failure: str = ""


class Deciding:
    """The decisions of one channel, ZALO or SMS. Which ids were tried survives a restart."""

    def __init__(self, sandbox: Sandbox, purse: Purse, channel: str, magic: Mapping[str, str]) -> None:
        self._sandbox, self._purse, self._channel, self._magic = sandbox, purse, channel, magic
        self._tried_name = f"infobip-tried-{channel}"
        saved = sandbox.store.load("SELECT value FROM state WHERE name = ?", (self._tried_name,))
        self._tried: dict[str, None] = msgspec.json.decode(saved[0][0]) if saved else {}

    def fate(self, account: Account, order: Order, message_id: str, judged: Judged, again: bool) -> Fate:
        """Return the fate of a message and charge for it; `again` says that its id was used before."""
        if again:
            return Fate(at_once="REJECTED_DUPLICATE_MESSAGE_ID")
        if judged.refusal:
            return Fate(at_once=judged.refusal)
        settings = self._sandbox.settings
        outcome = self._magic.get(order.to, "delivered")
        chosen = fate(
            outcome,
            ordinary=settings.receipt_delay_ms / 1000,
            late=settings.late_receipt_ms / 1000,
            first=outcome == "transient_then_delivered" and self._first_time(account, message_id),
        )
        if chosen.at_once:
            return chosen
        if not self._purse.pay(account, self._channel, judged.parts):
            return Fate(at_once="REJECTED_NOT_ENOUGH_CREDITS")
        failure = judged.failure or self._over_quota(account, chosen)
        if failure:
            chosen = Fate(end="UNDELIVERABLE_NOT_DELIVERED", error=failure, delay=settings.receipt_delay_ms / 1000)
        return within(chosen, order.validity)

    def _over_quota(self, account: Account, chosen: Fate) -> str:
        if self._channel != "ZALO" or chosen.error != "NO_ERROR":
            return ""
        tally, now, name = self._sandbox.tally, self._sandbox.now(), f"infobip {account.sender}"
        if tally.used(name, now) >= self._sandbox.settings.daily_quota:
            return "EC_MESSAGE_TYPE_EXHAUSTED"
        tally.add(name, now)
        return ""

    def _first_time(self, account: Account, message_id: str) -> bool:
        key = f"{account.sender} {message_id}"
        if key in self._tried:
            return False
        self._tried[key] = None
        if len(self._tried) > TRIED_AT_MOST:
            del self._tried[next(iter(self._tried))]
        self._sandbox.store.keep(self._tried_name, self._tried)
        return True
