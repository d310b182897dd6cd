"""Seeded ZNS templates, and what Zalo says of values that do not fit them."""

from collections.abc import Mapping
from typing import Any

import msgspec

from providers.sandbox.inbox import Shown

OTP_TIMEOUT_MS = 15_000
TIMEOUT_MS = 20_000


class Parameter(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """One row of `listParams` (zalo-zns-oa.md 5.1); lengths count characters."""

    name: str
    max_length: int
    sample: str
    require: bool = True
    type: str = "STRING"
    min_length: int = 0
    accept_null: bool = False


class Template(msgspec.Struct, frozen=True, kw_only=True):
    """A template; `text` holds parameters in braces, `rows` are labels with the parameter shown beside them."""

    id: str
    name: str
    parameters: tuple[Parameter, ...]
    text: str
    rows: tuple[tuple[str, str], ...] = ()
    button: str = ""
    tag: str = "TRANSACTION"
    status: str = "ENABLE"
    reason: str = ""
    timeout_ms: int = TIMEOUT_MS
    price: str = "200"
    quality: str = "HIGH"
    journey: bool = False


class Unfit(Exception):
    """A value that the template does not take: a code of zalo-zns-oa.md 8.1 and the wire text."""

    def __init__(self, code: int, text: str) -> None:
        super().__init__(text)
        self.code, self.text = code, text


def _parameter(name: str, max_length: int, sample: str) -> Parameter:
    return Parameter(name=name, max_length=max_length, sample=sample)


BILL = Template(
    id="7895417a7d3f9461cd2e",
    name="bill",
    parameters=(
        _parameter("ky", 30, "1"),
        _parameter("thang", 20, "4/2020"),
        _parameter("start_date", 20, "20/03/2020"),
        _parameter("end_date", 20, "20/04/2020"),
        _parameter("customer", 30, "Trần Văn Bình"),
        _parameter("cid", 30, "PE010000001"),
        _parameter("address", 200, "12 Lê Lợi, Quận 1, TP.HCM"),
        _parameter("amount", 20, "100"),
        _parameter("total", 12, "100000"),
    ),
    text="Kính gửi {customer}, hóa đơn kỳ {ky} tháng {thang} ({start_date} đến {end_date}) đã có.",
    rows=(("Mã khách hàng", "cid"), ("Địa chỉ", "address"), ("Sản lượng", "amount"), ("Tổng tiền (VND)", "total")),
    button="Xem hóa đơn",
)


def ordinary(first: int) -> tuple[Template, ...]:
    """Return the templates of one official account besides the bill; their ids count up from `first`."""
    return (
        _order(str(first)),
        _otp(str(first + 1)),
        _promotion(str(first + 2)),
        msgspec.structs.replace(_order(str(first + 3)), name="rejected", status="REJECT", reason="Nội dung chưa rõ"),
        msgspec.structs.replace(_promotion(str(first + 4)), name="disabled", status="DISABLE", quality="LOW"),
        msgspec.structs.replace(_order(str(first + 5)), name="journey", journey=True),
    )


def _order(template_id: str) -> Template:
    return Template(
        id=template_id,
        name="order",
        parameters=(
            _parameter("customer", 30, "Trần Văn Bình"),
            _parameter("order_code", 30, "DH-2026-0001"),
            _parameter("date", 20, "21/11/2026"),
            _parameter("total", 12, "350000"),
        ),
        text="Cảm ơn {customer} đã đặt hàng. Đơn {order_code} đang được chuẩn bị.",
        rows=(("Ngày đặt", "date"), ("Tổng tiền (VND)", "total")),
        button="Theo dõi đơn hàng",
    )


def _otp(template_id: str) -> Template:
    return Template(
        id=template_id,
        name="otp",
        parameters=(_parameter("otp", 10, "123456"),),
        text="Mã xác thực của bạn là {otp}. Vui lòng không chia sẻ mã này với bất kỳ ai.",
        timeout_ms=OTP_TIMEOUT_MS,
        price="300",
    )


def _promotion(template_id: str) -> Template:
    return Template(
        id=template_id,
        name="promotion",
        parameters=(
            _parameter("customer", 30, "Trần Văn Bình"),
            _parameter("voucher", 30, "SEN20"),
            _parameter("expires", 20, "31/12/2026"),
        ),
        text="Chào {customer}, tặng bạn ưu đãi dành riêng cho khách hàng thân thiết.",
        rows=(("Mã ưu đãi", "voucher"), ("Hạn dùng", "expires")),
        button="Dùng ngay",
        tag="PROMOTION",
        quality="MEDIUM",
    )


def checked(template: Template, data: Mapping[str, Any]) -> dict[str, str]:
    """Return the values of the template's parameters as text. Raises Unfit for the first that does not fit.

    Unknown names are passed over. Numbers are taken as their text: public code sends them so (4.1).
    """
    values: dict[str, str] = {}
    for parameter in template.parameters:
        value = data.get(parameter.name)
        if value is None:
            if parameter.require:
                raise Unfit(-1122, f"{parameter.name} is missing")
            continue
        if isinstance(value, bool) or not isinstance(value, str | int | float):
            raise Unfit(-1124, f"{parameter.name} has invalid format")
        text = value if isinstance(value, str) else str(value)
        if len(text) > parameter.max_length:
            raise Unfit(-1121, f"{parameter.name} data breaks max length")
        if len(text) < parameter.min_length:
            raise Unfit(-1121, f"{parameter.name} data breaks min length")
        values[parameter.name] = text
    return values


def shown(template: Template, values: Mapping[str, str], sender: str) -> Shown:
    """Return the message as a phone shows it."""
    return Shown(
        sender=sender,
        title=template.name,
        text=template.text.format_map(values),
        rows=tuple((label, values[name]) for label, name in template.rows),
        button=template.button,
    )


def any_template(template_id: str, data: Mapping[str, Any]) -> Template:
    """Return a template that takes exactly these values, as the shared test account does with unknown ids."""
    names = tuple(_parameter(name, 10_000, "") for name in data)
    rows = tuple((name, name) for name in data)
    return Template(id=template_id, name=template_id, parameters=names, text="", rows=rows)
