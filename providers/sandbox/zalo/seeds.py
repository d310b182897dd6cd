"""Apps, official accounts and recipients that every sandbox of Zalo begins with. All values are invented."""

import hashlib

import msgspec

from providers.sandbox.zalo.seeded_templates import BILL, ordinary
from providers.sandbox.zalo.templates import Template


class App(msgspec.Struct, frozen=True, kw_only=True):
    """A Zalo app; `secret_key` is for tokens and proofs, `oa_secret_key` signs webhooks (zalo-zns-oa.md 6.1)."""

    id: str
    secret_key: str
    oa_secret_key: str


class OfficialAccount(msgspec.Struct, frozen=True, kw_only=True):
    """An official account, granted to one app. The shared one takes any template and its tokens stay as they are."""

    id: str
    name: str
    app_id: str
    templates: dict[str, Template]
    access_token: str
    refresh_token: str
    shared: bool = False


def _secret(name: str) -> str:
    return hashlib.sha256(f"sandbox seed: {name}".encode()).hexdigest()


def _app(number: str) -> App:
    return App(id=number, secret_key=_secret(f"app {number}")[:24], oa_secret_key=_secret(f"webhook {number}")[:32])


def _account(number: str, name: str, app_id: str, first_template: int, *, shared: bool = False) -> OfficialAccount:
    return OfficialAccount(
        id=number,
        name=name,
        app_id=app_id,
        templates={template.id: template for template in (BILL, *ordinary(first_template))},
        access_token="sbxA" + _secret(f"access {number}"),
        refresh_token="sbxR" + _secret(f"refresh {number}"),
        shared=shared,
    )


FIRST_APP, SECOND_APP, TEST_APP = "7100000000000000101", "7100000000000000202", "7100000000000000909"
APPS = {app.id: app for app in (_app(FIRST_APP), _app(SECOND_APP), _app(TEST_APP))}

OFFICIAL_ACCOUNTS = {
    account.id: account
    for account in (
        _account("5200000000000000011", "Điện Nước Sao Mai", FIRST_APP, 301001),
        _account("5200000000000000012", "Cửa hàng Hoa Sen Xanh", FIRST_APP, 302001),
        _account("5200000000000000021", "Phòng khám Bình Minh", SECOND_APP, 303001),
        _account("5200000000000000099", "Sandbox (test keys)", TEST_APP, 309001, shared=True),
    )
}
FIRST_ACCOUNT = next(iter(OFFICIAL_ACCOUNTS.values()))
SHARED_ACCOUNT = next(account for account in OFFICIAL_ACCOUNTS.values() if account.shared)

# Who may receive in development mode: admins of the app or of the official account.
ADMINS = ("84900000091", "84900000092")

MAGIC = {
    f"849000000{number:02d}": outcome
    for number, outcome in enumerate(
        (
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
        ),
        start=1,
    )
}
MAGIC_BY_HASH = {hashlib.sha256(phone.encode()).hexdigest(): outcome for phone, outcome in MAGIC.items()}
