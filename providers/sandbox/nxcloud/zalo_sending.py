"""What becomes of a Zalo send that NXCloud took: the answer says little, the reports say the rest."""

import secrets

from providers.sandbox.exchange import Result, Silence, json_answer
from providers.sandbox.nxcloud.customers import ZALO_PRICE
from providers.sandbox.nxcloud.office import Office, Refusal
from providers.sandbox.nxcloud.zalo_order import ZaloOrder
from providers.sandbox.nxcloud.zalo_reports import HEADERS, Reporter
from providers.sandbox.zalo.templates import Unfit, checked, shown

AFTER_TIMEOUT_SECONDS = 2.0
LONGEST_TEXT = 400
# Zalo's refusals reach the caller in a report alone.
FAILURES = {
    "not_on_zalo": (-118, "Zalo account not existed"),
    "blocked": (-141, "User has refused to receive messages from this OA"),
}


class ZaloSending:
    """Sends Zalo messages for all customers."""

    def __init__(self, office: Office) -> None:
        self._office = office
        self._sandbox = office.sandbox

    async def send(self, order: ZaloOrder) -> Result:
        """Carry out the order. Raises Refusal."""
        self._refuse(order)
        reporter = Reporter("zalomid." + secrets.token_hex(16), order.ext)
        failure = self._failure(order)
        if failure is not None:
            at = self._sandbox.now() + self._sandbox.settings.receipt_delay_ms / 1000
            self._plan(order, reporter.failed(at, *failure), at)
        else:
            await self._deliver(order, reporter)
        if order.magic == "timeout_after_accept":
            return Silence.HOLD
        answer = {"code": 0, "message": "Success", "data": {"requestId": reporter.request_id}}
        return json_answer({**answer, "traceId": secrets.token_hex(16)})

    def _refuse(self, order: ZaloOrder) -> None:
        if order.magic == "server_error":
            raise Refusal(9001, "System business error", 500)
        if order.magic == "quota_exceeded" or self._office.balance(order.customer) < ZALO_PRICE:
            raise Refusal(1102, "Insufficient balance")
        key = f"zalo {order.customer.appkey} {order.phone} {order.ext}"
        if order.magic == "transient_then_delivered" and self._office.first_time(key):
            raise Refusal(-1, "Failure")
        try:
            text = order.template.text.format_map(checked(order.template, order.values))
        except Unfit:
            return
        if len(text) > LONGEST_TEXT:
            raise Refusal(9000, "Request parameter error")

    def _failure(self, order: ZaloOrder) -> tuple[int, str] | None:
        if order.magic in FAILURES:
            return FAILURES[order.magic]
        if order.template.journey and not order.journey_token:
            return -148, "Journey token is missing"
        try:
            checked(order.template, order.values)
        except Unfit as unfit:
            return unfit.code, unfit.text
        used = self._sandbox.tally.used(f"nxcloud:{order.customer.appkey}", self._sandbox.now())
        return (-144, "OA has exceeded the daily limit") if used >= self._sandbox.settings.daily_quota else None

    async def _deliver(self, order: ZaloOrder, reporter: Reporter) -> None:
        sandbox, customer, now = self._sandbox, order.customer, self._sandbox.now()
        self._office.charge(customer, ZALO_PRICE)
        daily = sandbox.settings.daily_quota
        quota = (daily, max(0, daily - sandbox.tally.add(f"nxcloud:{customer.appkey}", now)))
        arrives = now + self._delay(order.magic)
        content = shown(order.template, checked(order.template, order.values), customer.name)
        silent = order.magic == "never_delivered"
        message_id = sandbox.inbox.add(customer.appkey, order.phone, content, now, None if silent else arrives)
        delivered = reporter.delivered(arrives)
        if order.magic == "receipt_before_answer":
            await sandbox.webhooks.deliver_now(self._hook(order), HEADERS, delivered)
        elif not silent:
            self._plan(order, delivered, arrives)
        if order.magic == "duplicate_receipt":
            self._plan(order, delivered, arrives)
        taken = now + sandbox.settings.receipt_delay_ms / 2000
        self._plan(order, reporter.success(now, message_id, quota), taken)
        if order.journey_token:
            self._plan(order, reporter.journey(arrives), arrives)

    def _delay(self, magic: str) -> float:
        if magic == "late_receipt":
            return self._sandbox.settings.late_receipt_ms / 1000
        if magic == "timeout_after_accept":
            return AFTER_TIMEOUT_SECONDS
        return 0.0 if magic == "receipt_before_answer" else self._sandbox.settings.receipt_delay_ms / 1000

    def _hook(self, order: ZaloOrder) -> str:
        return order.webhook or order.customer.appkey

    def _plan(self, order: ZaloOrder, body: bytes, at: float) -> None:
        self._sandbox.webhooks.plan(self._hook(order), HEADERS, body, at)
