"""The SMS endpoints of NXCloud's hosts as the sandbox imitates them (nxcloud.md section 6)."""

import secrets
from collections.abc import Awaitable, Callable, Mapping
from datetime import datetime, timedelta
from typing import Any

from providers.sandbox.exchange import Answer, Request, Result, Silence, json_answer
from providers.sandbox.nxcloud.customers import BY_APPKEY, Customer
from providers.sandbox.nxcloud.office import ZONE, Office, Refusal, worded, worded_old
from providers.sandbox.nxcloud.sms_records import SmsRecords
from providers.sandbox.nxcloud.sms_sending import SmsSending, Text, read_text
from providers.sandbox.zalo.envelope import json_object

BIZ_TYPE, ACTION = "3", "mtsend"
OLDEST = timedelta(days=31)
JSON_NAMES = {"sourceAddress": "source_address", "sysMessageId": "sys_messageid", "drUrl": "dr_url"}

Route = Callable[[Request], Awaitable[Result]]


class SmsDesk:
    """Takes texts over three APIs and answers questions about them."""

    def __init__(self, office: Office) -> None:
        self._office = office
        self._records = SmsRecords(office.sandbox.store)
        self._sending = SmsSending(office, self._records)

    def routes(self) -> dict[tuple[str, str], Route]:
        """Return what answers which call."""
        return {
            ("POST", "/v1/sms/mt"): self._newest,
            ("POST", "/api/sms/mtsend_v2"): self._second,
            ("POST", "/api/sms/mtsend"): self._form,
            ("POST", "/api/sms/get"): self._one,
            ("POST", "/api/sms/getSmsCdr"): self._day,
            ("POST", "/api/common/getBalance"): self._balance,
        }

    async def _newest(self, request: Request) -> Result:
        try:
            text = self._signed(request)
            message_id = await self._sending.send(text)
        except Refusal as refusal:
            return worded(refusal.code, refusal.text, refusal.status)
        answer = {"code": 0, "message": "Success", "data": {"messageId": message_id}}
        return _held(text) or json_answer({**answer, "traceId": secrets.token_hex(16)})

    async def _second(self, request: Request) -> Result:
        return await self._old(lambda: self._signed(request))

    async def _form(self, request: Request) -> Result:
        form = request.form()
        return await self._old(lambda: read_text(self._office.keyed(form, 1), form))

    async def _old(self, read: Callable[[], Text]) -> Result:
        try:
            text = read()
            message_id = await self._sending.send(text)
        except Refusal as refusal:
            return worded_old(refusal.code, refusal.text, refusal.status)
        return _held(text) or json_answer({"result": "request success", "messageid": message_id, "code": "0"})

    def _signed(self, request: Request) -> Text:
        customer = self._office.signed_by(request, BIZ_TYPE, ACTION)
        body = json_object(request.body) or {}
        if BY_APPKEY.get(str(body.get("appKey", ""))) is not customer:
            raise Refusal(1, "app unavailable or wrong key")
        return read_text(customer, {JSON_NAMES.get(name, name): value for name, value in body.items()})

    async def _one(self, request: Request) -> Result:
        form = request.form()
        try:
            customer, day = self._asking(form)
            if not form.get("messageid"):
                raise Refusal(1, "params invalid")
        except Refusal as refusal:
            return _query_refused(refusal)
        record = await self._records.find(customer.appkey, day, form["messageid"])
        row = record.row(self._office.sandbox.now()) if record else None
        return json_answer({"code": "0", "row": row})

    async def _day(self, request: Request) -> Result:
        form = request.form()
        try:
            customer, day = self._asking(form)
            page, size = _number(form, "page", 3), _number(form, "page_size", 4)
        except Refusal as refusal:
            return _query_refused(refusal)
        records = await self._records.of_day(customer.appkey, day)
        if form.get("sort_type") == "1":
            records.reverse()
        now = self._office.sandbox.now()
        rows: list[Mapping[str, Any]] = [each.row(now) for each in records[(page - 1) * size : page * size]]
        return json_answer({"code": "0", "info": {"total": len(records), "page": page, "pageSize": size, "rows": rows}})

    async def _balance(self, request: Request) -> Result:
        try:
            customer = self._office.keyed(request.form(), 1)
        except Refusal as refusal:
            return json_answer({"code": str(refusal.code), "result": refusal.text})
        balance = f"{self._office.balance(customer) / 1000:.3f}"
        return json_answer({"code": "0", "balance": balance, "credit_balance": "0"})

    def _asking(self, form: dict[str, str]) -> tuple[Customer, str]:
        customer = self._office.keyed(form, 2)
        day = form.get("date", "")
        try:
            asked = datetime.strptime(day, "%Y%m%d").replace(tzinfo=ZONE)
        except ValueError as error:
            raise Refusal(1, "params invalid") from error
        if asked.timestamp() < self._office.sandbox.now() - OLDEST.total_seconds():
            raise Refusal(3, "Only recent 31 days")
        return customer, day


def _held(text: Text) -> Silence | None:
    return Silence.HOLD if text.magic == "timeout_after_accept" else None


def _query_refused(refusal: Refusal) -> Answer:
    return json_answer({"code": str(refusal.code), "msg": refusal.text})


def _number(form: dict[str, str], name: str, code: int) -> int:
    text = form.get(name, "")
    if not text.isdecimal() or not 1 <= int(text) < 1_000:
        raise Refusal(code, f"{name} invalid")
    return int(text)
