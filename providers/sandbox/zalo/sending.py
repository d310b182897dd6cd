"""What becomes of a valid phone send: quota, the recipient's outcome, the answer and its receipts."""

import msgspec

from providers.sandbox.exchange import Answer, Result, Silence
from providers.sandbox.state import Sandbox
from providers.sandbox.zalo.envelope import Refusal, success
from providers.sandbox.zalo.order import Order
from providers.sandbox.zalo.receipts import delivered
from providers.sandbox.zalo.templates import shown

AFTER_TIMEOUT_SECONDS = 2.0
TRIED_AT_MOST = 10_000

# zalo-zns-oa.md 8.1; the texts in quotes there.
REFUSALS = {
    "not_on_zalo": (-118, "Zalo account not existed", 200),
    "blocked": (-141, "User has refused to receive messages from this OA", 200),
    "quota_exceeded": (-144, "OA has exceeded the daily limit", 200),
    "server_error": (-100, "Unknown error", 500),
}


class Sending:
    """Sends for all official accounts of one sandbox."""

    def __init__(self, sandbox: Sandbox) -> None:
        self._sandbox = sandbox
        saved = sandbox.store.load("SELECT value FROM state WHERE name = 'tried'")
        self._tried: dict[str, None] = msgspec.json.decode(saved[0][0]) if saved else {}

    async def send(self, order: Order) -> Result:
        """Carry out the order. Raises Refusal."""
        magic = order.magic
        if magic in REFUSALS:
            raise Refusal(*REFUSALS[magic])
        if magic == "transient_then_delivered" and self._first_time(order):
            raise Refusal(-100, "Unknown error")
        now = self._sandbox.now()
        quota = self._count(order, now)
        arrives = now + self._delay(magic)
        message_id = self._sandbox.inbox.add(
            order.account.id,
            order.recipient,
            shown(order.template, order.values, order.account.name),
            now,
            None if magic == "never_delivered" else arrives,
        )
        await self._report(order, message_id, arrives)
        if magic == "timeout_after_accept":
            return Silence.HOLD
        return _accepted(order, message_id, now, quota)

    def _delay(self, magic: str) -> float:
        if magic == "late_receipt":
            return self._sandbox.settings.late_receipt_ms / 1000
        if magic == "timeout_after_accept":
            return AFTER_TIMEOUT_SECONDS
        if magic == "receipt_before_answer":
            return 0.0
        return self._sandbox.settings.receipt_delay_ms / 1000

    async def _report(self, order: Order, message_id: str, arrives: float) -> None:
        if order.magic == "never_delivered":
            return
        webhooks, hook = self._sandbox.webhooks, order.account.app_id
        if not webhooks.url_of(hook):
            return
        headers, body = delivered(order.account, order.recipient, message_id, order.tracking_id, arrives)
        if order.magic == "receipt_before_answer":
            await webhooks.deliver_now(hook, headers, body)
            return
        webhooks.plan(hook, headers, body, arrives)
        if order.magic == "duplicate_receipt":
            webhooks.plan(hook, headers, body, arrives)

    def _count(self, order: Order, now: float) -> tuple[int, int]:
        """Return the daily quota and what is left of it after this message. Raises Refusal once it is used up."""
        settings, tally, account = self._sandbox.settings, self._sandbox.tally, order.account.id
        if order.development:
            if tally.used(f"development:{account}", now) >= settings.development_quota:
                raise Refusal(-126, "Out of quota in development mode")
            tally.add(f"development:{account}", now)
            return settings.daily_quota, max(0, settings.daily_quota - tally.used(account, now))
        if tally.used(account, now) >= settings.daily_quota and not order.over_quota:
            raise Refusal(*REFUSALS["quota_exceeded"])
        return settings.daily_quota, max(0, settings.daily_quota - tally.add(account, now))

    def _first_time(self, order: Order) -> bool:
        key = f"{order.account.id} {order.recipient} {order.tracking_id}"
        if key in self._tried:
            return False
        self._tried[key] = None
        if len(self._tried) > TRIED_AT_MOST:
            del self._tried[next(iter(self._tried))]
        self._sandbox.store.keep("tried", self._tried)
        return True


def _accepted(order: Order, message_id: str, now: float, quota: tuple[int, int]) -> Answer:
    """Return the answer of 4.2: every leaf is a string."""
    return success(
        {
            "msg_id": message_id,
            "sent_time": str(int(now * 1000)),
            "sending_mode": "3" if order.over_quota else "1",
            "quota": {"dailyQuota": str(quota[0]), "remainingQuota": str(quota[1])},
        }
    )
