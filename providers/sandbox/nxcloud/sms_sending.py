"""What becomes of a text: its refusals, its record and its one report (nxcloud.md section 6)."""

import re
import secrets
from collections.abc import Mapping
from urllib.parse import urlencode

import msgspec

from providers.sandbox.inbox import Shown
from providers.sandbox.nxcloud.customers import SMS_MAGIC, SMS_PRICE, Customer
from providers.sandbox.nxcloud.office import Office, Refusal, local_time
from providers.sandbox.nxcloud.sms_records import SmsRecord, SmsRecords
from providers.sandbox.nxcloud.zalo_sending import AFTER_TIMEOUT_SECONDS

FORM = {"Content-Type": "application/x-www-form-urlencoded"}
PHONE = re.compile(r"[1-9][0-9]{7,14}")
SENDER = re.compile(r"[0-9A-Za-z]{1,20}")
OWN_ID = re.compile(r"[0-9A-Za-z-]{10,50}")
LONGEST_TEXT = 1_000
REPORT_CODES = {"DELIVRD": "2", "DND": "9"}


class Text(msgspec.Struct, frozen=True, kw_only=True):
    """A text as it was asked for, the same for all APIs."""

    customer: Customer
    phone: str
    content: str
    sender: str = ""
    own_id: str = ""
    dr_url: str = ""
    ext: str = ""

    @property
    def magic(self) -> str:
        """What becomes of a text to this number."""
        return SMS_MAGIC.get(self.phone, "delivered")

    def parts(self) -> int:
        """Return how many parts are paid for: 160, then 154 each in plain letters; 70, then 67 beyond (6.3)."""
        one, more = (160, 154) if self.content.isascii() else (70, 67)
        length = len(self.content)
        return 1 if length <= one else -(-length // more)


def read_text(customer: Customer, fields: Mapping[str, object]) -> Text:
    """Return the text that `fields` (named as in the form API) order. Raises Refusal with the first fault found."""
    given = {name: value for name, value in fields.items() if isinstance(value, str)}
    text = Text(
        customer=customer,
        phone=given.get("phone", ""),
        content=given.get("content", ""),
        sender=given.get("source_address", ""),
        own_id=given.get("sys_messageid", ""),
        dr_url=given.get("dr_url", ""),
        ext=given.get("ext", ""),
    )
    if not text.phone or (text.own_id and not OWN_ID.fullmatch(text.own_id)):
        raise Refusal(2, "parameter error")
    if not text.content.strip():
        raise Refusal(4, "content is empty or contains banned words")
    if len(text.content) > LONGEST_TEXT:
        raise Refusal(5, "content is too long")
    if "," in text.phone:
        raise Refusal(7, "too many numbers")
    if not PHONE.fullmatch(text.phone):
        raise Refusal(6, "invalid number")
    if text.sender and not SENDER.fullmatch(text.sender):
        raise Refusal(8, "invalid sender")
    return text


class SmsSending:
    """Sends texts for all customers."""

    def __init__(self, office: Office, records: SmsRecords) -> None:
        self._office = office
        self._records = records
        self._sandbox = office.sandbox

    async def send(self, text: Text) -> str:
        """Carry out the order and return the message id. Raises Refusal."""
        price = SMS_PRICE * text.parts()
        if text.magic == "server_error":
            raise Refusal(99, "system error", 500)
        if text.magic == "quota_exceeded" or self._office.balance(text.customer) < price:
            raise Refusal(3, "insufficient balance")
        key = f"sms {text.customer.appkey} {text.phone} {text.own_id or text.ext}"
        if text.magic == "transient_then_delivered" and self._office.first_time(key):
            raise Refusal(99, "system error")
        self._office.charge(text.customer, price)
        record = self._record(text, price)
        await self._records.add(record)
        arrives = record.reported_at if record.end == "DELIVRD" else None
        content = Shown(sender=text.sender or "SMS", title="SMS", text=text.content)
        self._sandbox.inbox.add(text.customer.appkey, text.phone, content, record.sent_at, arrives)
        await self._report(text, record)
        return record.id

    def _record(self, text: Text, price: int) -> SmsRecord:
        now = self._sandbox.now()
        return SmsRecord(
            id=text.own_id or secrets.token_hex(16),
            appkey=text.customer.appkey,
            phone=text.phone,
            sender=text.sender,
            text=text.content,
            ext=text.ext,
            sent_at=now,
            reported_at=None if text.magic == "never_delivered" else now + self._delay(text.magic),
            end="DND" if text.magic == "blocked" else "DELIVRD",
            size=text.parts(),
            price=price / 1000,
        )

    def _delay(self, magic: str) -> float:
        if magic == "late_receipt":
            return self._sandbox.settings.late_receipt_ms / 1000
        if magic == "timeout_after_accept":
            return AFTER_TIMEOUT_SECONDS
        return 0.0 if magic == "receipt_before_answer" else self._sandbox.settings.receipt_delay_ms / 1000

    async def _report(self, text: Text, record: SmsRecord) -> None:
        webhooks = self._sandbox.webhooks
        url = webhooks.url_of(text.dr_url or text.customer.appkey)
        if record.reported_at is None or not url:
            return
        report = urlencode(_fields(record, record.reported_at))
        if text.customer.by_query:
            hook, body = f"{url}{'&' if '?' in url else '?'}{report}", b""
        else:
            hook, body = url, report.encode()
        if text.magic == "receipt_before_answer":
            await webhooks.deliver_now(hook, FORM, body, once=True)
            return
        for _ in range(2 if text.magic == "duplicate_receipt" else 1):
            webhooks.plan(hook, FORM, body, record.reported_at, once=True)


def _fields(record: SmsRecord, at: float) -> dict[str, str]:
    return {
        "phone": record.phone,
        "status": REPORT_CODES[record.end],
        "result": record.end,
        "drtime": local_time(at),
        "messageid": record.id,
        "currency": "USD",
        "price": f"{record.price:.3f}",
        "rate": "1",
        "sendtime": local_time(record.sent_at),
        "size": str(record.size),
        "ext": record.ext,
    }
