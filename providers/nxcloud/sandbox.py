"""NXCloud's hosts as the sandbox imitates them: Zalo sends here, texts beside (nxcloud.md sections 2 to 6, 8)."""

from collections.abc import Mapping
from typing import Any

import msgspec

from providers.nxcloud_sms.sandbox import Route, SmsDesk
from providers.sandbox.exchange import Answer, HookCall, Host, Request, Result, Subject
from providers.sandbox.nxcloud.customers import BY_APPKEY, CUSTOMERS, FIRST, SHARED, SMS_MAGIC, ZALO_MAGIC, Customer
from providers.sandbox.nxcloud.office import Office, Refusal, worded
from providers.sandbox.nxcloud.zalo_order import read_order
from providers.sandbox.nxcloud.zalo_reports import HEADERS
from providers.sandbox.nxcloud.zalo_sending import ZaloSending
from providers.sandbox.state import Sandbox
from providers.sandbox.zalo.envelope import json_object

API, API2 = "api.nxcloud.com", "api2.nxcloud.com"
BIZ_TYPE, ACTION = "9", "mt"


def hosts(sandbox: Sandbox) -> dict[str, Host]:
    """Return both hosts over the same customers. Each serves every path, as is reported of the real ones."""
    office = Office(sandbox)
    sms = SmsDesk(office).routes()
    return {API: NxcloudHost(office, sms, ZALO_MAGIC), API2: NxcloudHost(office, sms, SMS_MAGIC)}


class NxcloudHost(Host):
    """One of NXCloud's hosts; `magic` are the numbers that it lists first."""

    def __init__(self, office: Office, sms: Mapping[tuple[str, str], Route], magic: Mapping[str, str]) -> None:
        self._office = office
        self._zalo = ZaloSending(office)
        self._magic = magic
        self._routes: dict[tuple[str, str], Route] = {("POST", "/v1/zalo/mt"): self._send, **sms}

    async def answer(self, request: Request) -> Result:
        """Return what NXCloud says; whatever it refuses comes with HTTP 200 and a code, but for a server error."""
        route = self._routes.get((request.method, request.path))
        if route is None:
            return Answer(status=404, body=b"Not Found", content_type="text/plain")
        try:
            return await route(request)
        except Refusal as refusal:
            return worded(refusal.code, refusal.text, refusal.status)

    def subject(self, request: Request) -> Subject:
        """Return the number and the application of a send, in JSON or a form."""
        fields = json_object(request.body) or request.form()
        appkey = fields.get("appkey") or fields.get("appKey") or ""
        return Subject(to=str(fields.get("phone", "")), account=str(appkey))

    def worded(self, code: int, message: str, status: int) -> Answer:
        """Return the error of a fault in NXCloud's envelope."""
        return worded(code, message, status)

    def accounts(self) -> dict[str, Any]:
        """Return the first customer's credentials and templates, the magic numbers, and all customers."""
        return {
            "credentials": FIRST.credentials(),
            "templates": _sendable(FIRST),
            "refusedTemplates": [
                {"id": each.id, "name": each.name, "status": each.status}
                for each in FIRST.templates.values()
                if each.status != "ENABLE"
            ],
            "magic": self._magic,
            "zaloMagic": ZALO_MAGIC,
            "smsMagic": SMS_MAGIC,
            "customers": [
                {
                    "name": each.name,
                    **each.credentials(),
                    "balance": f"{self._office.balance(each) / 1000:.3f}",
                    "smsReports": "query" if each.by_query else "body",
                    "templates": _sendable(each),
                }
                for each in CUSTOMERS
                if not each.shared
            ],
            "test": SHARED.credentials(),
        }

    def event(self, account: str, event: Mapping[str, Any]) -> HookCall | None:
        """Return the report of any event to the address set for the application; nothing is signed."""
        if account not in BY_APPKEY:
            return None
        return HookCall(hook=account, headers=HEADERS, body=msgspec.json.encode(event))

    async def _send(self, request: Request) -> Result:
        customer = self._office.signed_by(request, BIZ_TYPE, ACTION)
        return await self._zalo.send(read_order(request, customer))


def _sendable(customer: Customer) -> list[dict[str, Any]]:
    return [
        {"id": each.id, "name": each.name, "params": [parameter.name for parameter in each.parameters]}
        for each in customer.templates.values()
        if each.status == "ENABLE" and not each.journey
    ]
