"""Takes messages of either channel: answers, keeps and reports them."""

import secrets
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import msgspec

from providers.sandbox.exchange import Result, Silence, json_answer
from providers.sandbox.inbox import Shown
from providers.sandbox.infobip import rows, wire
from providers.sandbox.infobip.fates import Fate, fate, within
from providers.sandbox.infobip.ledger import Ledger, Taken
from providers.sandbox.infobip.orders import Order
from providers.sandbox.infobip.purse import Purse
from providers.sandbox.infobip.seeds import Account
from providers.sandbox.state import Sandbox

TRIED_AT_MOST = 10_000
PUSHED_AT_MOST = 100
HEADERS = {"Content-Type": "application/json", "User-Agent": "Infobip"}
_encode = msgspec.json.Encoder().encode


class Judged(msgspec.Struct, frozen=True, kw_only=True):
    """What the channel makes of an order: what a phone shows, the billed parts, and what is wrong with it if anything.

    `refusal` is a status of the answer, `failure` an error of the later report.
    """

    shown: Shown
    parts: int = 1
    refusal: str = ""
    failure: str = ""


class Going(msgspec.Struct, frozen=True, kw_only=True):
    """One message on its way: its order, id, fate and report."""

    order: Order
    message_id: str
    fate: Fate
    judged: Judged
    report: dict[str, Any]
    ends_at: float | None


class Sending:
    """One channel, ZALO or SMS; `accepted` is the status that its answers give."""

    def __init__(
        self, sandbox: Sandbox, ledger: Ledger, purse: Purse, channel: str, accepted: str, magic: Mapping[str, str]
    ) -> None:
        self._sandbox, self._ledger, self._purse = sandbox, ledger, purse
        self._channel, self._accepted, self._magic = channel, accepted, magic
        self._tried_name = f"infobip-tried-{channel}"
        saved = sandbox.store.load("SELECT value FROM state WHERE name = ?", (self._tried_name,))
        self._tried: dict[str, None] = msgspec.json.decode(saved[0][0]) if saved else {}

    async def send(
        self, account: Account, orders: Sequence[Order], bulk_id: str, judge: Callable[[Account, Order], Judged]
    ) -> Result:
        """Carry out the orders: all that can be taken are, whatever becomes of the others."""
        now = self._sandbox.now()
        bulk_id = bulk_id or secrets.token_hex(10)
        ids = [order.message_id or secrets.token_hex(16) for order in orders]
        seen = await self._ledger.known(account.api_key, self._channel, ids)
        answers, going, fates = [], [], []
        for order, message_id in zip(orders, ids, strict=True):
            judged = judge(account, order)
            chosen = self._fate(account, order, message_id, judged, message_id in seen)
            seen.add(message_id)
            fates.append(chosen)
            answers.append(
                {
                    "messageId": message_id,
                    "destination": order.to,
                    "status": wire.status(chosen.at_once or self._accepted),
                }
            )
            if not chosen.at_once:
                going.append(self._going(order, bulk_id, message_id, chosen, judged, now))
        await self._keep(account, going, bulk_id, now)
        await self._push(account, going)
        if any(chosen.hold for chosen in fates):
            return Silence.HOLD
        if any(chosen.fail for chosen in fates):
            return wire.Refusal(500).answer()
        return json_answer({"bulkId": bulk_id, "messages": answers})

    def _fate(self, account: Account, order: Order, message_id: str, judged: Judged, again: bool) -> Fate:
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

    def _going(self, order: Order, bulk_id: str, message_id: str, chosen: Fate, judged: Judged, now: float) -> Going:
        ends_at = None if chosen.delay is None else now + chosen.delay
        ends = (ends_at or now, chosen.end, chosen.error)
        report = rows.report(order, self._channel, bulk_id, message_id, judged.parts, now, ends)
        return Going(order=order, message_id=message_id, fate=chosen, judged=judged, report=report, ends_at=ends_at)

    async def _keep(self, account: Account, going: Sequence[Going], bulk_id: str, now: float) -> None:
        for one in going:
            if one.fate.error == "NO_ERROR":
                self._sandbox.inbox.add(account.api_key, one.order.to, one.judged.shown, now, one.ends_at)
        await self._ledger.add(
            [
                Taken(
                    account=account.api_key,
                    channel=self._channel,
                    message_id=one.message_id,
                    bulk_id=bulk_id,
                    recipient=one.order.to,
                    sent_at=now,
                    ends_at=one.ends_at,
                    to_pull=self._channel == "SMS" and not one.order.url,
                    platform=one.order.platform,
                    entry={"report": one.report, "text": one.judged.shown.text, "from": one.order.sender},
                )
                for one in going
            ]
        )

    async def _push(self, account: Account, going: Sequence[Going]) -> None:
        """Plan the reports, those of one URL and one time together."""
        webhooks = self._sandbox.webhooks
        bundles: dict[tuple[str, float, int, bool], list[dict[str, Any]]] = {}
        for one in going:
            # Without a URL in the message an account's subscription is called, which only Zalo has here.
            hook = one.order.url or (account.sender if account.sender in webhooks.urls else "")
            if hook and one.ends_at is not None and (one.order.url or self._channel == "ZALO"):
                key = (hook, one.ends_at, one.fate.times, one.fate.before)
                bundles.setdefault(key, []).append(one.report)
        for (hook, ends_at, times, before), reports in bundles.items():
            for start in range(0, len(reports), PUSHED_AT_MOST):
                body = _encode({"results": reports[start : start + PUSHED_AT_MOST]})
                for _ in range(times):
                    if before:
                        await webhooks.deliver_now(hook, HEADERS, body)
                    else:
                        webhooks.plan(hook, HEADERS, body, ends_at)
