"""The templates that every official account of the sandbox begins with."""

import msgspec

from providers.sandbox.zalo.templates import Parameter, Template

OTP_TIMEOUT_MS = 15_000


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
