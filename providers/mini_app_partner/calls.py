"""The calls that manage Mini Apps with a partner's key (zalo-mini-app.md section 7). Pure: they are made, not sent."""

import re
from collections.abc import Mapping, Sequence
from typing import Final
from urllib.parse import urlencode

import msgspec

from providers.contract import Call
from providers.mini_app.stats import stats_path
from providers.mini_app_partner.making import MOST_LISTED, CallMaker, app_path, number, page, told
from providers.mini_app_partner.multipart import File, multipart
from providers.mini_app_partner.packages import check_package

UPLOAD_SECONDS: Final = 120.0
_CATEGORIES: Final = """
    ECOMMERCE REAL_ESTATE GOVERNMENT LIFE_SERVICE EDUCATION FINANCE FNB ENTERTAINMENT TRANSPORTATION MEDIA MEDICAL
    OTHERS
"""
CATEGORIES: Final = frozenset(_CATEGORIES.split())
_SPECIAL: Final = re.compile(r"[^\w \-&.,]")


class NewMiniApp(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, rename="camel"):
    """What a Mini App is created with; without `zalo_app_id` a Zalo App is made for it.

    `app_category` is one of `CATEGORIES`, `type_of_business` COMPANY, PERSONAL or ORGANIZATION.
    """

    app_name: str
    app_description: str
    app_category: str
    app_logo_url: str
    browsable: bool | None = None
    cover_url: str = ""
    zalo_app_id: str = ""
    sub_cate_ids: tuple[str, ...] = ()
    type_of_business: str = ""


class PartnerCalls:
    """Makes the calls. Every method raises ValueError, naming the field, for what Zalo would refuse."""

    def __init__(self, maker: CallMaker) -> None:
        self._maker = maker

    def apps(self, offset: int = 0, limit: int = MOST_LISTED, zalo_app_id: str = "") -> Call:
        """Return the call that lists Mini Apps, at most 20 a page."""
        filters = {"zaloAppId": number("zaloAppId", zalo_app_id)} if zalo_app_id else {}
        return self._maker.get("/apps", {**page(offset, limit), **filters})

    def create(self, app: NewMiniApp) -> Call:
        """Return the call that creates a Mini App."""
        if not 3 <= len(app.app_name) <= 50 or _SPECIAL.search(app.app_name):
            raise ValueError("appName: 3 to 50 characters, none of them special")
        if not 20 <= len(app.app_description) <= 500:
            raise ValueError("appDescription: 20 to 500 characters")
        if app.app_category not in CATEGORIES:
            raise ValueError(f"appCategory: is one of {', '.join(sorted(CATEGORIES))}")
        if app.type_of_business not in ("", "COMPANY", "PERSONAL", "ORGANIZATION"):
            raise ValueError("typeOfBusiness: is COMPANY, PERSONAL or ORGANIZATION")
        return self._maker.send("POST", "/apps", app)

    def versions(self, app_id: str, offset: int = 0, limit: int = MOST_LISTED) -> Call:
        """Return the call that lists the versions of a Mini App."""
        return self._maker.get(f"{app_path(app_id)}/versions", {"miniAppId": app_id, **page(offset, limit)})

    def deploy(self, app_id: str, name: str, description: str, archive: bytes) -> Call:
        """Return the call that uploads a zip, its files at the root, as a new version."""
        told("name", name)
        told("description", description)
        check_package(archive)
        query = urlencode({"name": name, "description": description})
        headers, body = multipart({}, {"file": File("package.zip", "application/zip", archive)})
        path = f"{app_path(app_id)}/upload?{query}"
        return self._maker.call("POST", path, headers, body, UPLOAD_SECONDS)

    def request_publish(self, app_id: str, version_id: int, description: str) -> Call:
        """Return the call that asks for the review of a version in TESTING; a webhook tells its end."""
        fields = {"miniAppId": app_id, "versionId": version_id, "description": told("description", description)}
        return self._maker.send("POST", f"{app_path(app_id)}/request-publish", fields)

    def publish(self, app_id: str, version_id: int) -> Call:
        """Return the call that publishes an approved version."""
        return self._maker.send("POST", f"{app_path(app_id)}/publish", {"miniAppId": app_id, "versionId": version_id})

    def request_permissions(self, app_id: str, permissions: Sequence[tuple[str, str]], note: str = "") -> Call:
        """Return the call that asks for `permissions`: ids with the text that asks the person for consent.

        Unknown ids are passed over with a success: read `successPermissions` of the answer.
        """
        wanted = [{"permissionId": told("permissionId", each), "consentText": text} for each, text in permissions]
        if not wanted:
            raise ValueError("permissions: name one at least")
        # The lower-case a is Zalo's.
        fields = {"miniappId": app_id, "permissions": wanted, "note": note}
        return self._maker.send("POST", f"{app_path(app_id)}/request-permission", fields)

    def short_links(self, app_id: str, offset: int = 0, limit: int = MOST_LISTED) -> Call:
        """Return the call that lists the short links behind QR codes."""
        return self._maker.get(f"{app_path(app_id)}/qrcode-short-links", page(offset, limit))

    def create_short_link(self, app_id: str, origin_url: str) -> Call:
        """Return the call that shortens an address of the Mini App for a QR code."""
        begins = f"https://zalo.me/s/{app_id}"
        if not origin_url.startswith(begins) or "utm_source=zalo-qr" not in origin_url:
            raise ValueError(f"originUrl: begins with {begins} and holds utm_source=zalo-qr")
        return self._maker.send("POST", f"{app_path(app_id)}/qrcode-short-links", {"originUrl": origin_url})

    def stats(self, app_id: str, params: Mapping[str, str]) -> Call:
        """Return the call for statistics; `params` as the README of `providers.mini_app` lists them for `stats`."""
        return self._maker.get(stats_path(number("miniAppId", app_id), params))
