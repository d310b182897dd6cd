"""Takes messages of either channel: answers, keeps and reports them."""

import secrets
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import msgspec

from providers.sandbox.exchange import Result, Silence, json_answer
from providers.sandbox.infobip import rows, wire
from providers.sandbox.infobip.deciding import Deciding, Judged
from providers.sandbox.infobip.fates import Fate
from providers.sandbox.infobip.ledger import Ledger, Taken
from providers.sandbox.infobip.orders import Order
from providers.sandbox.infobip.purse import Purse
from providers.sandbox.infobip.seeds import Account
from providers.sandbox.state import Sandbox

PUSHED_AT_MOST = 100
HEADERS = {"Content-Type": "application/json", "User-Agent": "Infobip"}
_encode = msgspec.json.Encoder().encode


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
        self._sandbox, self._ledger = sandbox, ledger
        self._channel, self._accepted = channel, accepted
        self._deciding = Deciding(sandbox, purse, channel, magic)
        self._busy: set[str] = set()

    async def send(
        self, account: Account, orders: Sequence[Order], bulk_id: str, judge: Callable[[Account, Order], Judged]
    ) -> Result:
        """Carry out the orders: all that can be taken are, whatever becomes of the others."""
        ids = [order.message_id or secrets.token_hex(16) for order in orders]
        # Two calls with one id at the same time are as much a repeat as two calls in turn.
        busy = self._busy.intersection(ids)
        mine = set(ids) - busy
        self._busy |= mine
        try:
            seen = busy | await self._ledger.known(account.api_key, self._channel, ids)
            bulk_id, now = bulk_id or secrets.token_hex(10), self._sandbox.now()
            decided = []
            for order, message_id in zip(orders, ids, strict=True):
                judged = judge(account, order)
                chosen = self._deciding.fate(account, order, message_id, judged, message_id in seen)
                seen.add(message_id)
                decided.append(self._going(order, bulk_id, message_id, chosen, judged, now))
            going = [one for one in decided if not one.fate.at_once]
            await self._keep(account, going, bulk_id, now)
        finally:
            self._busy -= mine
        await self._push(account, going)
        return self._answer(decided, bulk_id)

    def _answer(self, decided: Sequence[Going], bulk_id: str) -> Result:
        if any(one.fate.hold for one in decided):
            return Silence.HOLD
        if any(one.fate.fail for one in decided):
            return wire.Refusal(500).answer()
        messages = [
            {
                "messageId": one.message_id,
                "destination": one.order.to,
                "status": wire.status(one.fate.at_once or self._accepted),
            }
            for one in decided
        ]
        return json_answer({"bulkId": bulk_id, "messages": messages})

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
