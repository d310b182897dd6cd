"""What all endpoints of NXCloud share: who calls, what it costs, and how answers are worded."""

import hashlib
import hmac
import secrets
from datetime import UTC, datetime, timedelta, timezone

import msgspec

from providers.sandbox.exchange import Answer, Request, json_answer
from providers.sandbox.nxcloud.customers import BY_ACCESS_KEY, BY_APPKEY, Customer
from providers.sandbox.state import Sandbox

TOLERANCE_MS = 60_000
TRIED_AT_MOST = 10_000
ZONE = timezone(timedelta(hours=8))


class Refusal(Exception):
    """An answer that is not a success: a code of nxcloud.md section 5 or 6, its text and, rarely, an HTTP status."""

    def __init__(self, code: int, text: str, status: int = 200) -> None:
        super().__init__(text)
        self.code, self.text, self.status = code, text, status


def worded(code: int, text: str, status: int = 200) -> Answer:
    """Return a refusal of the newer endpoints: the code is a number and there is no data."""
    return json_answer({"code": code, "message": text, "traceId": secrets.token_hex(16)}, status)


def worded_old(code: int, text: str, status: int = 200) -> Answer:
    """Return a refusal of the older SMS endpoints: the code is a text."""
    return json_answer({"result": text, "messageid": "", "code": str(code)}, status)


def local_time(at: float) -> str:
    """Return epoch seconds as NXCloud writes times: without the zone, which is eight hours ahead of UTC."""
    return datetime.fromtimestamp(at, UTC).astimezone(ZONE).strftime("%Y-%m-%d %H:%M:%S")


class Office:
    """The customers' money and the calls that fail once. Survives a restart."""

    def __init__(self, sandbox: Sandbox) -> None:
        self.sandbox = sandbox
        self._spent = msgspec.json.decode(self._saved("nxcloud spent"), type=dict[str, int])
        self._tried = msgspec.json.decode(self._saved("nxcloud tried"), type=dict[str, None])

    def _saved(self, name: str) -> bytes:
        saved = self.sandbox.store.load("SELECT value FROM state WHERE name = ?", (name,))
        return bytes(saved[0][0]) if saved else b"{}"

    def balance(self, customer: Customer) -> int:
        """Return what is left, in thousandths of a dollar."""
        return customer.balance - self._spent.get(customer.appkey, 0)

    def charge(self, customer: Customer, price: int) -> None:
        """Take `price` thousandths of a dollar from the customer."""
        self._spent[customer.appkey] = self._spent.get(customer.appkey, 0) + price
        self.sandbox.store.keep("nxcloud spent", self._spent)

    def first_time(self, key: str) -> bool:
        """Return whether `key` is met for the first time."""
        if key in self._tried:
            return False
        self._tried[key] = None
        if len(self._tried) > TRIED_AT_MOST:
            del self._tried[next(iter(self._tried))]
        self.sandbox.store.keep("nxcloud tried", self._tried)
        return True

    def signed_by(self, request: Request, biz_type: str, action: str) -> Customer:
        """Return the customer whose signature the request carries (nxcloud.md section 2). Raises Refusal."""
        headers = request.headers
        if any(not headers.get(name) for name in ("accesskey", "ts", "biztype", "action", "sign")):
            raise Refusal(1001, "Missing common parameters")
        if (headers["biztype"], headers["action"]) != (biz_type, action):
            raise Refusal(1002, "Parameter error")
        customer = BY_ACCESS_KEY.get(headers["accesskey"])
        if customer is None:
            raise Refusal(1005, "Insufficient permissions")
        self._check_time(headers["ts"])
        if not _fits(request, customer.access_secret):
            raise Refusal(1003, "Invalid signature")
        return customer

    def keyed(self, form: dict[str, str], code: int) -> Customer:
        """Return the customer whose `appkey` and `secretkey` a form carries. Raises Refusal with `code`."""
        customer = BY_APPKEY.get(form.get("appkey", ""))
        given = form.get("secretkey", "").encode()
        if customer is None or not hmac.compare_digest(given, customer.secretkey.encode()):
            raise Refusal(code, "app unavailable or wrong key")
        return customer

    def _check_time(self, stamp: str) -> None:
        if not stamp.isdecimal() or len(stamp) > 15:
            raise Refusal(1002, "Parameter error")
        if abs(self.sandbox.now() * 1000 - int(stamp)) > TOLERANCE_MS:
            raise Refusal(1004, "Timestamp has expired")


def _fits(request: Request, secret: str) -> bool:
    headers = request.headers
    if not headers.get("content-type", "").startswith("application/json"):
        return False
    names = {"accessKey": "accesskey", "action": "action", "bizType": "biztype", "ts": "ts"}
    text = "&".join(f"{name}={headers[sent]}" for name, sent in names.items()).encode()
    if request.body:
        text += b"&body=" + request.body
    text += b"&accessSecret=" + secret.encode()
    algorithm = headers.get("algorithm", "md5")
    if algorithm not in ("md5", "sha256"):
        return False
    digest = hashlib.new(algorithm, text, usedforsecurity=False).hexdigest()
    return hmac.compare_digest(headers["sign"].encode(), digest.encode())
