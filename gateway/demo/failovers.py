"""What sends a message on from Zalo over NXCloud to SMS, and what does not: a case for each cause."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from gateway.demo.case import Case, Legs, order_of
from providers.zalo.hosts import BUSINESS_HOST

CHAIN: Final = "zns-nxcloud-sms"
# The host of its texts, too: these are to arrive.
NXCLOUD_HOST, NXCLOUD_PATH = "api.nxcloud.com", "/v1/zalo/mt"
# Numbers of nobody else in the demo; the last two digits tell the case.
ORDINARY: Final = "849611100"
REJECTED: Final[Legs] = (("zns", "rejected"), ("nxcloud", "rejected"), ("nxcloud_sms", "delivered"))
REPORTED: Final[Legs] = (("zns", "rejected"), ("nxcloud", "undeliverable"), ("nxcloud_sms", "delivered"))
FAILED: Final[Legs] = (("zns", "undeliverable"), ("nxcloud", "undeliverable"), ("nxcloud_sms", "delivered"))
SILENT: Final[Legs] = (("zns", "expired"), ("nxcloud", "expired"), ("nxcloud_sms", "delivered"))


def failovers(info: Mapping[str, Any], magic: Mapping[str, str]) -> list[Case]:
    """Return what sends a message on from Zalo over NXCloud to SMS, and what does not; `magic` is number -> outcome."""
    number = {outcome: phone for phone, outcome in magic.items()}
    order = order_of(info)

    def case(name: str, to: str, legs: Legs, **more: Any) -> Case:
        return Case(**{"name": name, "route": CHAIN, "message": {"to": to, **order}, "legs": legs, **more})

    return [
        case("nothing fails", f"{ORDINARY}01", (("zns", "delivered"),)),
        case("not on Zalo", number["not_on_zalo"], REPORTED),
        case("has blocked the sender", number["blocked"], REPORTED),
        case("never delivered: the deadline", number["never_delivered"], SILENT),
        case("quota used up", number["quota_exceeded"], REJECTED),
        case("provider broken: HTTP 500", number["server_error"], FAILED),
        case(
            "connection lost after the request",
            f"{ORDINARY}02",
            FAILED,
            faults=(_at_zalo(f"{ORDINARY}02", "reset"), _at_nxcloud(f"{ORDINARY}02", "reset")),
        ),
        # One that stopped the channel would outlast the demo.
        case(
            "account cannot be charged",
            f"{ORDINARY}03",
            (("zns", "rejected"), ("nxcloud", "delivered")),
            faults=(_at_zalo(f"{ORDINARY}03", "error", code=-137),),
        ),
        case(
            "validity ends: smsFailover",
            number["never_delivered"],
            (("zns", "expired"), ("nxcloud_sms", "delivered")),
            route=info["route"],
            seconds=10,
            sms="Don {{order_code}}",
        ),
        case(
            "token refused: renewed, not a failover",
            f"{ORDINARY}04",
            (("zns-2", "delivered"),),
            route="lent",
            faults=(_at_zalo(f"{ORDINARY}04", "error", code=-124, times=1),),
        ),
        case(
            "content refused: no failover",
            f"{ORDINARY}05",
            (("zns", "rejected"),),
            ends="rejected",
            faults=(_at_zalo(f"{ORDINARY}05", "error", code=-1121),),
        ),
    ]


def remembered(cases: Sequence[Case], magic: Mapping[str, str]) -> set[str]:
    """Return the numbers whose refusals an earlier run may have taught the gateway."""
    numbers = {case.message["to"] for case in cases if isinstance(case.message["to"], str)}
    return {number for number in numbers if number in magic}


def _at_zalo(to: str, fault: str, **more: Any) -> dict[str, Any]:
    return {"host": BUSINESS_HOST, "to": to, "fault": fault, **more}


def _at_nxcloud(to: str, fault: str, **more: Any) -> dict[str, Any]:
    return {"host": NXCLOUD_HOST, "path": NXCLOUD_PATH, "to": to, "fault": fault, **more}
