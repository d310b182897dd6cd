"""The customers that every sandbox of NXCloud begins with, and the numbers with a fixed outcome. All is invented."""

import hashlib

import msgspec

from providers.sandbox.zalo.seeded_templates import BILL, ordinary
from providers.sandbox.zalo.templates import Template

RICH, POOR = 1_000_000_000, 50
ZALO_PRICE, SMS_PRICE = 20, 30
"""Money is counted in thousandths of a dollar; an SMS is paid by the part."""


class Customer(msgspec.Struct, frozen=True, kw_only=True):
    """A customer with one application for all it sends.

    `by_query` is one of the accounts from before May 2023, whose SMS reports come in the URL (nxcloud.md 6.3); the
    shared customer takes any template.
    """

    name: str
    access_key: str
    access_secret: str
    appkey: str
    secretkey: str
    templates: dict[str, Template]
    balance: int = RICH
    by_query: bool = False
    shared: bool = False

    def credentials(self) -> dict[str, str]:
        """Return what a client needs, under the names of `GET /_/accounts`."""
        return {
            "accessKey": self.access_key,
            "accessSecret": self.access_secret,
            "appkey": self.appkey,
            "secretkey": self.secretkey,
        }


def _customer(name: str, word: str, first_template: int, **more: object) -> Customer:
    secret = hashlib.sha256(f"sandbox seed: nxcloud {word}".encode()).hexdigest()
    given = {
        "name": name,
        "access_key": f"sbxAK{word}",
        "access_secret": secret[:32],
        "appkey": f"sbx{word}",
        "secretkey": secret[32:48],
        "templates": {template.id: template for template in (BILL, *ordinary(first_template))},
    }
    return msgspec.convert({**given, **more}, Customer, from_attributes=True)


CUSTOMERS = (
    _customer("Điện Nước Sao Mai", "first", 411001),
    _customer("Cửa hàng Hoa Sen Xanh", "second", 412001),
    _customer("Reports by query", "old", 413001, by_query=True),
    _customer("Nearly broke", "poor", 414001, balance=POOR),
    _customer("Sandbox (test keys)", "test", 419001, shared=True),
)
FIRST, SHARED = CUSTOMERS[0], CUSTOMERS[-1]
BY_ACCESS_KEY = {customer.access_key: customer for customer in CUSTOMERS}
BY_APPKEY = {customer.appkey: customer for customer in CUSTOMERS}

_ZALO_OUTCOMES = (
    "delivered",
    "late_receipt",
    "duplicate_receipt",
    "receipt_before_answer",
    "transient_then_delivered",
    "timeout_after_accept",
    "not_on_zalo",
    "blocked",
    "never_delivered",
    "quota_exceeded",
    "server_error",
)
ZALO_MAGIC = {f"849000000{number:02d}": outcome for number, outcome in enumerate(_ZALO_OUTCOMES, start=1)}
# Numbers of their own, so that a text reaches the people whom the Zalo hosts refuse: that is what it is sent for.
SMS_MAGIC = {
    f"849000000{number:02d}": outcome
    for number, outcome in enumerate(_ZALO_OUTCOMES, start=21)
    if outcome != "not_on_zalo"
}
