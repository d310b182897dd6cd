"""Payment channels of a Mini App as data: the fields of each method, and the banks (zalo-mini-app.md section 7)."""

from collections.abc import Mapping
from typing import Final

_MERCHANT: Final = ("merchantAppId", "key1", "key2")
_PAYME: Final = ("merchantId", "xApiClient", "secretKey")
_PLAIN: Final[Mapping[str, tuple[str, ...]]] = {
    "ZALOPAY": _MERCHANT,
    "ATM": _MERCHANT,
    "CC": _MERCHANT,
    "VNPAY": ("terminalId", "version", "secretKey"),
    "MOMO": ("partnerCode", "accessKey", "secretKey", "publicKey"),
    "PAYME_ATM": _PAYME,
    "PAYME_CC": _PAYME,
    "BANK": ("bankName", "accountName", "accountNumber", "content", "notifyUrl"),
    "COD": ("notifyUrl",),
}
COMMON: Final = ("method", "status", "redirectPath")
METHODS: Final[Mapping[str, tuple[str, ...]]] = {
    **_PLAIN,
    **{f"{method}_SANDBOX": fields for method, fields in _PLAIN.items()},
    "CUSTOM": ("customMethod", "displayName", "isSandbox"),
}
"""Method -> the fields that it takes besides `COMMON`; CUSTOM takes a picture as well."""

_BANKS: Final = """
    abbank acb agribank bacabank baoviet bidc bidv cake cbbank cimb coopbank dbsbank dongabank eximbank gpbank hdbank
    hongleongbank hsbc ibkhcm ibkhn indovinabank kasikorn kienlongbank kookminhcm kookminhn lienvietpostbank mbbank msb
    namabank ncb nonghyup ocb oceanbank pgbank publicbank pvcombank sacombank saigonbank scb seabank shb shinhanbank
    standardcharteredbank techcombank timo tpbank ubank uob vib vietabank vietbank banviet vietcombank vietinbank
    vpbank vrb wooribank
"""
BANKS: Final = frozenset(_BANKS.split())


def check_channel(fields: Mapping[str, object]) -> None:
    """Return if a payment channel of the method in `fields` takes all of them. Raises ValueError naming the field."""
    method = str(fields.get("method", ""))
    if method not in METHODS:
        raise ValueError(f"method: {method!r} is none of {', '.join(sorted(METHODS))}")
    unknown = sorted(set(fields) - {*COMMON, *METHODS[method]})
    if unknown:
        raise ValueError(f"{unknown[0]}: {method} takes {', '.join((*COMMON, *METHODS[method]))}")
    if fields.get("status", "ACTIVE") not in ("ACTIVE", "INACTIVE"):
        raise ValueError("status: is ACTIVE or INACTIVE")
    if "bankName" in fields and fields["bankName"] not in BANKS:
        raise ValueError(f"bankName: {fields['bankName']!r} is no code of a bank; there are {', '.join(sorted(BANKS))}")
