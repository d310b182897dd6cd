"""The Zalo Apps, Mini Apps and the partner that every sandbox begins with, and the users with a fixed outcome."""

import hashlib

import msgspec

from providers.sandbox.zalo.seeded_templates import BILL, ordinary
from providers.sandbox.zalo.templates import Parameter, Template

SEND, STATS = "apps.send.notification", "apps.get.stats"

# The one template that public code uses (section 2); lengths beyond the title's are not told.
PLATFORM = Template(
    id="00126fd75392bacce383",
    name="order status",
    parameters=(
        Parameter(name="title", max_length=32, sample="Kho Gạo Ba Miền"),
        Parameter(name="contentTitle", max_length=200, sample="Đơn 8841 đã đóng gói"),
        Parameter(name="contentDescription", max_length=1_000, sample="Chúng tôi sẽ gọi bạn chiều nay."),
        Parameter(name="buttonText", max_length=100, sample="Theo dõi đơn", require=False),
        Parameter(name="buttonUrl", max_length=1_000, sample="https://zalo.me/s/1200000000000000034/", require=False),
    ),
    text="{contentTitle}: {contentDescription}",
)


class Owner(msgspec.Struct, frozen=True, kw_only=True):
    """A Zalo App with its key, scopes and Mini Apps; the shared one takes any template."""

    name: str
    zalo_app_id: str
    api_key: str
    mini_apps: tuple[str, ...]
    templates: dict[str, Template]
    scopes: tuple[str, ...] = (SEND, STATS)
    shared: bool = False

    def credentials(self) -> dict[str, str]:
        """Return what a client of this Zalo App needs, under the names of `GET /_/accounts`."""
        return {"apiKey": self.api_key, "zaloAppId": self.zalo_app_id, "miniAppId": self.mini_apps[0]}


class Partner(msgspec.Struct, frozen=True, kw_only=True):
    """A solution partner, which manages Mini Apps for others."""

    name: str
    partner_id: str
    api_key: str

    def credentials(self) -> dict[str, str]:
        """Return what the partner's client needs, under the names of `GET /_/accounts`."""
        return {"partnerApiKey": self.api_key, "partnerId": self.partner_id}


def _secret(word: str) -> str:
    return hashlib.sha256(f"sandbox seed: mini app {word}".encode()).hexdigest()[:40]


def _owner(name: str, number: int, first_template: int, **more: object) -> Owner:
    mini_apps = tuple(f"12000000000000000{number}{nth}" for nth in (1, 2))
    templates = {template.id: template for template in (PLATFORM, BILL, *ordinary(first_template))}
    given = {
        "name": name,
        "zalo_app_id": f"71000000000000020{number}",
        "api_key": "sbxM" + _secret(f"key {number}"),
        "mini_apps": mini_apps,
        "templates": templates,
    }
    return msgspec.convert({**given, **more}, Owner, from_attributes=True)


OWNERS = (
    _owner("Kho Gạo Ba Miền", 3, 511001),
    _owner("Cửa hàng Hoa Sen Xanh", 4, 512001),
    _owner("Statistics alone", 5, 513001, scopes=(STATS,)),
    _owner("Notifications alone", 6, 514001, scopes=(SEND,)),
    _owner("Sandbox (test keys)", 9, 519001, shared=True),
)
FIRST, SHARED = OWNERS[0], OWNERS[-1]
BY_KEY = {owner.api_key: owner for owner in OWNERS}
BY_ZALO_APP = {owner.zalo_app_id: owner for owner in OWNERS}
BY_MINI_APP = {mini_app: owner for owner in OWNERS for mini_app in owner.mini_apps}
PARTNER = Partner(name="Giải pháp Sông Hồng", partner_id="8200000000000000101", api_key="sbxP" + _secret("partner"))

# There are no receipts here: what differs by its receipt elsewhere is an ordinary user here.
MAGIC = {
    "84900000001": "delivered",
    "84900000005": "transient_then_delivered",
    "84900000006": "timeout_after_accept",
    "84900000007": "not_on_zalo",
    "84900000008": "blocked",
    "84900000010": "quota_exceeded",
    "84900000011": "server_error",
}
