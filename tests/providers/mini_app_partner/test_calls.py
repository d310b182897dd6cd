"""Every call of a partner as it travels, and what is refused before it does."""

import io
import zipfile
from datetime import UTC, datetime
from typing import Any

import pytest

from providers.contract import Call, Context
from providers.mini_app_partner.calls import CATEGORIES, NewMiniApp, PartnerCalls
from providers.mini_app_partner.making import CallMaker
from providers.mini_app_partner.multipart import File, multipart
from providers.mini_app_partner.payment_calls import PaymentCalls
from providers.mini_app_partner.payment_methods import BANKS, METHODS

CREDENTIALS = {"partner_id": "8200000000000000101", "partner_api_key": "pk"}
CONTEXT = Context(now=datetime(2026, 1, 1, tzinfo=UTC), timeout=8.0)
MAKER = CallMaker(CREDENTIALS, CONTEXT)
CALLS, PAYMENTS = PartnerCalls(MAKER), PaymentCalls(MAKER)
HOST = "https://openapi.mini.zalo.me/partners"
APP = "1200000000000000034"
KEYS = (("X-Partner-Api-Key", "Bearer pk"), ("X-Partner-Id", "8200000000000000101"))
JSON = ("Content-Type", "application/json")
LINK = f"https://zalo.me/s/{APP}/?utm_source=zalo-qr"
NEW: dict[str, Any] = {
    "app_name": "Kho Gạo Ba Miền",
    "app_description": "Gạo ngon giao tận nhà trong ngày",
    "app_category": "ECOMMERCE",
    "app_logo_url": "https://example.com/l.png",
}


def archive(**files: bytes) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as opened:
        for name, body in files.items():
            opened.writestr(name.replace("__", "/"), body)
    return packed.getvalue()


READ: dict[str, tuple[Call, str]] = {
    "apps": (CALLS.apps(), "/apps?offset=0&limit=20"),
    "apps of a Zalo App": (CALLS.apps(20, 5, "71"), "/apps?offset=20&limit=5&zaloAppId=71"),
    "versions": (CALLS.versions(APP, 1, 2), f"/apps/{APP}/versions?miniAppId={APP}&offset=1&limit=2"),
    "payment setting": (PAYMENTS.setting(APP), f"/apps/{APP}/payment-setting"),
    "payment channels": (PAYMENTS.channels(APP), f"/apps/{APP}/payment-channels"),
    "short links": (CALLS.short_links(APP), f"/apps/{APP}/qrcode-short-links?offset=0&limit=20"),
    "statistics": (
        CALLS.stats(APP, {"type": "age", "first_day": "2026-03-01", "last_day": "2026-03-01"}),
        f"/apps/{APP}/stats?miniAppId={APP}&type=age&startTime=1772298000000&endTime=1772384399999",
    ),
}
WRITTEN: dict[str, tuple[Call, str, str, str]] = {
    "create": (
        CALLS.create(NewMiniApp(**NEW)),
        "POST",
        "/apps",
        '{"appName":"Kho Gạo Ba Miền","appDescription":"Gạo ngon giao tận nhà trong ngày","appCategory":"ECOMMERCE",'
        '"appLogoUrl":"https://example.com/l.png"}',
    ),
    "create with all": (
        CALLS.create(
            NewMiniApp(
                **NEW,
                browsable=False,
                cover_url="https://example.com/c.png",
                zalo_app_id="71",
                sub_cate_ids=("1", "2"),
                type_of_business="COMPANY",
            )
        ),
        "POST",
        "/apps",
        '{"appName":"Kho Gạo Ba Miền","appDescription":"Gạo ngon giao tận nhà trong ngày","appCategory":"ECOMMERCE",'
        '"appLogoUrl":"https://example.com/l.png","browsable":false,"coverUrl":"https://example.com/c.png",'
        '"zaloAppId":"71","subCateIds":["1","2"],"typeOfBusiness":"COMPANY"}',
    ),
    "request a review": (
        CALLS.request_publish(APP, 7, "Bản đầu"),
        "POST",
        f"/apps/{APP}/request-publish",
        f'{{"miniAppId":"{APP}","versionId":7,"description":"Bản đầu"}}',
    ),
    "publish": (
        CALLS.publish(APP, 7),
        "POST",
        f"/apps/{APP}/publish",
        f'{{"miniAppId":"{APP}","versionId":7}}',
    ),
    "request permissions": (
        CALLS.request_permissions(APP, [("scope.userPhonenumber", "Để giao hàng")], "gấp"),
        "POST",
        f"/apps/{APP}/request-permission",
        f'{{"miniappId":"{APP}","permissions":[{{"permissionId":"scope.userPhonenumber",'
        '"consentText":"Để giao hàng"}],"note":"gấp"}',
    ),
    "set a callback": (
        PAYMENTS.change_setting(APP, sandbox_callback_url="https://pay.example/s"),
        "PUT",
        f"/apps/{APP}/payment-setting",
        '{"sandboxCallbackUrl":"https://pay.example/s"}',
    ),
    "shorten a link": (
        CALLS.create_short_link(APP, LINK),
        "POST",
        f"/apps/{APP}/qrcode-short-links",
        f'{{"originUrl":"{LINK}"}}',
    ),
}


@pytest.mark.parametrize(("call", "path"), READ.values(), ids=READ)
def test_what_is_read_is_asked_exactly_so(call: Call, path: str) -> None:
    assert call == Call(method="GET", url=HOST + path, headers=KEYS, timeout=8.0)


@pytest.mark.parametrize(("call", "method", "path", "body"), WRITTEN.values(), ids=WRITTEN)
def test_what_is_written_travels_exactly_so(call: Call, method: str, path: str, body: str) -> None:
    assert call == Call(method=method, url=HOST + path, headers=(*KEYS, JSON), body=body.encode(), timeout=8.0)


def test_a_package_travels_as_a_zip_in_a_form() -> None:
    packed = archive(**{"index.html": b"<html>"})
    call = CALLS.deploy(APP, "1.0", "Bản đầu", packed)
    assert call.url == f"{HOST}/apps/{APP}/upload?name=1.0&description=B%E1%BA%A3n+%C4%91%E1%BA%A7u"
    boundary = dict(call.headers)["Content-Type"].removeprefix("multipart/form-data; boundary=").encode()
    head = b'Content-Disposition: form-data; name="file"; filename="package.zip"\r\nContent-Type: application/zip'
    assert call.body == b"--" + boundary + b"\r\n" + head + b"\r\n\r\n" + packed + b"\r\n--" + boundary + b"--\r\n"
    assert (call.method, call.timeout) == ("POST", 120.0)


def test_the_older_family_has_its_own_paths() -> None:
    older = PartnerCalls(CallMaker(CREDENTIALS | {"family": "v2"}, CONTEXT))
    assert older.apps().url == "https://openapi.mini.zalo.me/v2/apps?offset=0&limit=20"


def test_booleans_and_lists_are_written_as_zalos_client_does() -> None:
    fields = {"isSandbox": True, "other": False, "many": ["a", "b"], "number": 7, "text": "Tiền mặt"}
    ((_, content_type),), body = multipart(fields, {"thumbnail": File("t.png", "image/png", b"\x89")})
    boundary = content_type.partition("boundary=")[2].encode()
    parts = [part.strip(b"\r\n").split(b"\r\n\r\n") for part in body.split(b"--" + boundary)[1:-1]]
    assert parts == [
        [b'Content-Disposition: form-data; name="isSandbox"', b"true"],
        [b'Content-Disposition: form-data; name="other"', b"false"],
        [b'Content-Disposition: form-data; name="many[0]"', b"a"],
        [b'Content-Disposition: form-data; name="many[1]"', b"b"],
        [b'Content-Disposition: form-data; name="number"', b"7"],
        [b'Content-Disposition: form-data; name="text"', "Tiền mặt".encode()],
        [
            b'Content-Disposition: form-data; name="thumbnail"; filename="t.png"\r\nContent-Type: image/png',
            b"\x89",
        ],
    ]


@pytest.mark.parametrize("name", ['a"b', "a\r\nb", "a\\b"])
def test_no_name_breaks_out_of_its_header(name: str) -> None:
    with pytest.raises(ValueError, match="quotes"):
        multipart({}, {"file": File(name, "image/png", b"")})


@pytest.mark.parametrize("method", sorted(METHODS))
def test_a_payment_channel_takes_the_fields_of_its_method(method: str) -> None:
    fields = {name: "vietcombank" if name == "bankName" else "x" for name in METHODS[method]}
    call = PAYMENTS.update(APP, "5", {"method": method, "status": "ACTIVE", "redirectPath": "/done", **fields})
    assert (call.method, call.url) == ("PUT", f"{HOST}/apps/{APP}/payment-channels/5")
    for name in ("method", "miniAppId", "channelId", *fields):
        assert f'name="{name}"\r\n'.encode() in call.body


def test_the_tables_of_payments_hold_what_the_reference_lists() -> None:
    assert (len(METHODS), len(BANKS), len(CATEGORIES)) == (19, 57, 12)
    assert METHODS["MOMO_SANDBOX"] == ("partnerCode", "accessKey", "secretKey", "publicKey")
    assert "CUSTOM_SANDBOX" not in METHODS


BAD: dict[str, tuple[Any, str]] = {
    "an id that is none": (lambda: CALLS.versions("../other"), "miniAppId"),
    "a page that is too long": (lambda: CALLS.apps(limit=21), "limit"),
    "a page before the first": (lambda: CALLS.apps(offset=-1), "limit"),
    "a name that is too short": (lambda: CALLS.create(NewMiniApp(**{**NEW, "app_name": "ab"})), "appName"),
    "a name that is too long": (lambda: CALLS.create(NewMiniApp(**{**NEW, "app_name": "a" * 51})), "appName"),
    "a special character": (lambda: CALLS.create(NewMiniApp(**{**NEW, "app_name": "Kho@Gạo"})), "appName"),
    "a description": (lambda: CALLS.create(NewMiniApp(**{**NEW, "app_description": "x" * 19})), "appDescription"),
    "a category": (lambda: CALLS.create(NewMiniApp(**{**NEW, "app_category": "Mua sắm"})), "appCategory"),
    "a business": (lambda: CALLS.create(NewMiniApp(**NEW, type_of_business="SHOP")), "typeOfBusiness"),
    "no zip": (lambda: CALLS.deploy(APP, "1", "d", b"PK"), "file"),
    "nothing at the root": (lambda: CALLS.deploy(APP, "1", "d", archive(www__index=b"x")), "file"),
    "a large file": (lambda: CALLS.deploy(APP, "1", "d", archive(index=bytes((3 << 20) + 1))), "file"),
    "a large package": (lambda: CALLS.deploy(APP, "1", "d", bytes((10 << 20) + 1)), "file"),
    "no name of a version": (lambda: CALLS.deploy(APP, " ", "d", archive(index=b"x")), "name"),
    "no description for the review": (lambda: CALLS.request_publish(APP, 1, ""), "description"),
    "no permissions": (lambda: CALLS.request_permissions(APP, []), "permissions"),
    "a link elsewhere": (lambda: CALLS.create_short_link(APP, "https://zalo.me/s/1?utm_source=zalo-qr"), "originUrl"),
    "a link without its source": (lambda: CALLS.create_short_link(APP, f"https://zalo.me/s/{APP}"), "originUrl"),
    "no address": (lambda: PAYMENTS.change_setting(APP), "callbackUrl"),
    "a plain address": (lambda: PAYMENTS.change_setting(APP, "http://pay.example"), "callbackUrl"),
    "a method": (lambda: PAYMENTS.create(APP, {"method": "CASH"}), "method"),
    "a field of another method": (lambda: PAYMENTS.create(APP, {"method": "COD", "key1": "x"}), "key1"),
    "a bank": (lambda: PAYMENTS.create(APP, {"method": "BANK", "bankName": "Vietcombank"}), "bankName"),
    "a status": (lambda: PAYMENTS.create(APP, {"method": "COD", "status": "ON"}), "status"),
    "a payment channel": (lambda: PAYMENTS.update(APP, "../1", {"method": "COD"}), "channelId"),
}


@pytest.mark.parametrize(("make", "field"), BAD.values(), ids=BAD)
def test_what_zalo_would_refuse_is_named_before_any_call(make: Any, field: str) -> None:
    with pytest.raises(ValueError, match=f"^{field}: "):
        make()


def test_an_unknown_family_is_a_key_error() -> None:
    with pytest.raises(KeyError):
        CallMaker(CREDENTIALS | {"family": "v3"}, CONTEXT)
