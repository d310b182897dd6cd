"""The states of a text as NXCloud numbers and names them (nxcloud.md section 6.3)."""

from collections.abc import Mapping
from typing import Final

from providers.contract import DeliveryStatus
from providers.zalo.fields import as_int, as_text

DELIVERED: Final = "DELIVRD"
_NAMES: Final[Mapping[int, str]] = {
    2: DELIVERED,
    5: "UNDELIV",
    6: "REJECTD",
    7: "EXPIRED",
    8: "DELETED",
    9: "DND",
    10: "ESME_RINVDSTADR",
    11: "ESME_RINVSRCADR",
    12: "UNKNOWN",
}
_KNOWN: Final = frozenset(_NAMES.values())


def status_name(*told: object) -> str:
    """Return the name of the first of `told` that is a known number or name, empty where none is."""
    for value in told:
        number = as_int(value)
        name = _NAMES.get(number, "") if number is not None else as_text(value).strip().upper()
        if name in _KNOWN:
            return name
    return ""


def delivery(name: str) -> DeliveryStatus:
    """Return what a status name says of the delivery; no name is not final yet."""
    if not name:
        return DeliveryStatus.PENDING
    return DeliveryStatus.DELIVERED if name == DELIVERED else DeliveryStatus.FAILED
