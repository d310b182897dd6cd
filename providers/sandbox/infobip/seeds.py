"""Accounts, senders and recipients that the sandbox of Infobip begins with. All values are invented."""

import hashlib

import msgspec

from providers.sandbox.zalo.seeded_templates import BILL, ordinary
from providers.sandbox.zalo.seeds import MAGIC
from providers.sandbox.zalo.templates import Template


class Account(msgspec.Struct, frozen=True, kw_only=True):
    """One account: its key, one that lacks every scope, one OA and one sender of SMS.

    The shared one takes any template and any sender.
    """

    name: str
    api_key: str
    weak_key: str
    sender: str
    sms_sender: str
    templates: dict[str, Template]
    shared: bool = False


def _key(name: str) -> str:
    text = hashlib.sha256(f"sandbox infobip: {name}".encode()).hexdigest()
    return f"{text[:32]}-{text[32:40]}-{text[40:44]}"


def _account(name: str, sender: str, sms_sender: str, first_template: int, *, shared: bool = False) -> Account:
    # On this wire a template's id is a number.
    bill = msgspec.structs.replace(BILL, id=str(first_template))
    templates = (bill, *(each for each in ordinary(first_template + 1) if not each.journey))
    return Account(
        name=name,
        api_key=_key(name),
        weak_key=_key(f"{name} without scopes"),
        sender=sender,
        sms_sender=sms_sender,
        templates={template.id: template for template in templates},
        shared=shared,
    )


ACCOUNTS = (
    _account("Điện Nước Sao Mai", "5300000000000000011", "SAOMAI", 311000),
    _account("Cửa hàng Hoa Sen Xanh", "5300000000000000012", "HOASEN", 312000),
    _account("Sandbox (test keys)", "5300000000000000099", "SANDBOX", 319000, shared=True),
)
FIRST = ACCOUNTS[0]
SHARED = next(account for account in ACCOUNTS if account.shared)
BY_KEY = {account.api_key: account for account in ACCOUNTS}
BY_WEAK_KEY = {account.weak_key: account for account in ACCOUNTS}

ZALO_MAGIC = MAGIC
# Numbers of their own: a person who is not on Zalo, or has blocked its sender, still gets an SMS.
SMS_MAGIC = {
    f"849000000{number}": outcome
    for number, outcome in enumerate(
        (
            "delivered",
            "late_receipt",
            "duplicate_receipt",
            "receipt_before_answer",
            "transient_then_delivered",
            "timeout_after_accept",
            "absent",
            "opted_out",
            "never_delivered",
            "quota_exceeded",
            "server_error",
        ),
        start=21,
    )
}
