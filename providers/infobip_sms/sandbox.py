"""The part of api.infobip.com that carries SMS, as the sandbox imitates it (infobip.md sections 5 and 6)."""

from collections.abc import Mapping
from typing import Any

from providers.sandbox.exchange import Request, Result
from providers.sandbox.inbox import Shown
from providers.sandbox.infobip import records, rows
from providers.sandbox.infobip.access import Meter, authorised
from providers.sandbox.infobip.bodies import bulk_id_of, json_object
from providers.sandbox.infobip.deciding import Judged
from providers.sandbox.infobip.ledger import Ledger
from providers.sandbox.infobip.orders import Order, read_orders
from providers.sandbox.infobip.purse import Purse
from providers.sandbox.infobip.seeds import SMS_MAGIC, Account
from providers.sandbox.infobip.segments import segments
from providers.sandbox.infobip.sending import Sending
from providers.sandbox.state import Sandbox

ACCEPTED = "PENDING_ACCEPTED"
LOGS_PER_MINUTE = 120


class SmsPaths:
    """Sends, logs and one-time reports of SMS by the third version of the API."""

    def __init__(self, sandbox: Sandbox, ledger: Ledger, purse: Purse) -> None:
        self._sandbox, self._ledger = sandbox, ledger
        self._sending = Sending(sandbox, ledger, purse, "SMS", ACCEPTED, SMS_MAGIC)
        self._meter = Meter(LOGS_PER_MINUTE)
        self.routes = {
            ("POST", "/sms/3/messages"): self._send,
            ("GET", "/sms/3/logs"): self._logs,
            ("GET", "/sms/3/reports"): self._reports,
        }

    async def _send(self, request: Request) -> Result:
        account = authorised(request)
        root = json_object(request.body)
        return await self._sending.send(account, read_orders(root, _fault), bulk_id_of(root), _judge)

    async def _logs(self, request: Request) -> Result:
        account, now = authorised(request), self._sandbox.now()
        self._meter.count(account, now, old=False)
        return await records.logs(request, account, self._ledger, "SMS", ACCEPTED, now, rows.sms_log)

    async def _reports(self, request: Request) -> Result:
        return await records.reports(request, authorised(request), self._ledger, self._sandbox.now())


def _fault(content: Mapping[str, Any]) -> str:
    text = content.get("text")
    return "" if isinstance(text, str) and text else "text must not be blank"


def _judge(account: Account, order: Order) -> Judged:
    text = str(order.content["text"])
    shown = Shown(sender=order.sender, title="SMS", text=text)
    refusal = ""
    if not (order.to.isascii() and order.to.isdecimal() and 7 <= len(order.to) <= 15):
        refusal = "REJECTED_DESTINATION"
    elif order.sender != account.sms_sender and not account.shared:
        refusal = "REJECTED_SOURCE"
    return Judged(shown=shown, parts=segments(text), refusal=refusal)
