"""The paths of Zalo at Infobip (infobip.md sections 2, 3 and 5)."""

import re
from collections.abc import Awaitable, Callable, Mapping
from functools import partial
from typing import Any

from providers.sandbox.exchange import Request, Result, json_answer
from providers.sandbox.inbox import Shown
from providers.sandbox.infobip import records, rows
from providers.sandbox.infobip.access import Meter, authorised
from providers.sandbox.infobip.bodies import bulk_id_of, json_object
from providers.sandbox.infobip.deciding import Judged
from providers.sandbox.infobip.keys import Keys
from providers.sandbox.infobip.ledger import Ledger
from providers.sandbox.infobip.orders import Order, read_orders
from providers.sandbox.infobip.purse import Purse
from providers.sandbox.infobip.seeds import ZALO_MAGIC, Account
from providers.sandbox.infobip.sending import Sending
from providers.sandbox.infobip.template_rows import detail, template_page
from providers.sandbox.infobip.wire import Refusal
from providers.sandbox.state import Sandbox
from providers.sandbox.zalo.templates import Unfit, any_template, checked, shown

ACCEPTED = "PENDING_ENROUTE"
LOGS_PER_MINUTE = 10
SENDER_PATH = re.compile(r"/zalo/1/sender/([^/]+)/(quota|public-key|templates)(?:/([^/]+))?")
# A mobile number of Viet Nam, or the long number that is a person's id at the Official Account.
RECIPIENT = re.compile(r"84[35789][0-9]{8}|[0-9]{15,20}", re.ASCII)


class ZaloPaths:
    """Sends, logs, quota, keys and templates."""

    def __init__(self, sandbox: Sandbox, ledger: Ledger, purse: Purse) -> None:
        self._sandbox, self._ledger = sandbox, ledger
        self._keys = Keys(sandbox)
        self._meter = Meter(LOGS_PER_MINUTE)
        self._sending = Sending(sandbox, ledger, purse, "ZALO", ACCEPTED, ZALO_MAGIC)
        self.routes = {("POST", "/zalo/2/messages"): self._send, ("GET", "/zalo/1/logs"): self._logs}

    def sender_route(self, request: Request) -> Callable[[Request], Awaitable[Result]] | None:
        """Return what answers a path that names a sender, None if nothing does."""
        found = SENDER_PATH.fullmatch(request.path)
        if found is None:
            return None
        sender, what, template = found.groups()
        if (request.method, what) == ("POST", "public-key"):
            return partial(self._create_key, sender)
        if request.method != "GET":
            return None
        if what == "templates":
            return partial(self._template, sender, template) if template else partial(self._templates, sender)
        return partial(self._quota if what == "quota" else self._key, sender)

    async def _send(self, request: Request) -> Result:
        account = authorised(request)
        root = json_object(request.body)
        return await self._sending.send(account, read_orders(root, _fault), bulk_id_of(root), self._judge)

    async def _logs(self, request: Request) -> Result:
        account, now = authorised(request, old=True), self._sandbox.now()
        self._meter.count(account, now, old=True)
        return await records.logs(request, account, self._ledger, "ZALO", ACCEPTED, now, rows.zalo_log)

    async def _quota(self, sender: str, request: Request) -> Result:
        account, settings = _owner(sender, request), self._sandbox.settings
        used = self._sandbox.tally.used(f"infobip {account.sender}", self._sandbox.now())
        left = max(0, settings.daily_quota - used)
        monthly = {"monthlyPromotionQuota": settings.daily_quota, "remainingMonthlyPromotionQuota": left}
        daily = {"dailyQuota": settings.daily_quota, "remainingDailyQuota": left}
        return json_answer({**daily, **monthly, "estimatedNextMonthPromotionQuota": settings.daily_quota})

    async def _key(self, sender: str, request: Request) -> Result:
        return json_answer({"publicKey": self._keys.public(_owner(sender, request).sender)})

    async def _create_key(self, sender: str, request: Request) -> Result:
        return json_answer({"publicKey": await self._keys.create(_owner(sender, request).sender)})

    async def _templates(self, sender: str, request: Request) -> Result:
        params, account = request.params(), _owner(sender, request)
        page, size = _number(params, "page", 0), _number(params, "size", 20)
        return json_answer(template_page(account, page, size, params.get("status", "")))

    async def _template(self, sender: str, template_id: str, request: Request) -> Result:
        template = _owner(sender, request).templates.get(template_id)
        if template is None:
            raise Refusal(404)
        return json_answer(detail(template))

    def _judge(self, account: Account, order: Order) -> Judged:
        number = str(order.content["templateName"])
        data: dict[str, str] | None = order.content["templateData"]
        if order.encrypted:
            data = self._keys.open(account.sender, order.content["templateData"])
        template = account.templates.get(number)
        if template is None and account.shared:
            template = any_template(number, data or {})
        nothing = Shown(sender=account.name, title=number, text="")
        if not RECIPIENT.fullmatch(order.to):
            return Judged(shown=nothing, refusal="REJECTED_DESTINATION")
        if order.sender != account.sender and not account.shared:
            return Judged(shown=nothing, refusal="REJECTED_SOURCE")
        if template is None or template.status != "ENABLE":
            return Judged(shown=nothing, failure="EC_INVALID_TEMPLATE")
        try:
            if data is None:
                raise Unfit(0, "cannot be decrypted")
            return Judged(shown=shown(template, checked(template, data), account.name))
        except Unfit:
            return Judged(shown=nothing, failure="EC_INVALID_TEMPLATE_ARGS")


def _owner(sender: str, request: Request) -> Account:
    account = authorised(request)
    if sender != account.sender:
        raise Refusal(404, code="ZALO-RSA404", text="Provided sender not found.")
    return account


def _fault(content: Mapping[str, Any]) -> str:
    """Return what the schema has against a content: above all, a template's id is a number and no text."""
    name, data = content.get("templateName"), content.get("templateData")
    if content.get("type") != "TEMPLATE":
        return "type must be TEMPLATE in the sandbox"
    if not isinstance(name, int) or isinstance(name, bool) or not 0 <= name < 2**31:
        return "templateName must be an integer"
    if not isinstance(data, dict) or not all(isinstance(value, str) for value in data.values()):
        return "templateData must be an object of strings"
    return ""


def _number(params: Mapping[str, str], name: str, default: int) -> int:
    text = params.get(name, str(default))
    if not text.isdecimal() or int(text) > 1000:
        raise Refusal(400, ((name, "must be between 0 and 1000"),))
    return int(text)
