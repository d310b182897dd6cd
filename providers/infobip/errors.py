"""Looks up what Infobip says of a message: statuses and errors by their names, whole requests by HTTP status."""

from collections.abc import Iterable, Mapping
from enum import Enum
from typing import Any, Final

from providers.contract import ErrorClass, ErrorRow, Retry
from providers.infobip.codes import chat_errors, general_errors, network_errors, refusals, statuses
from providers.zalo.fields import as_int, as_text


class Stage(Enum):
    """How far a message has come by its status; SAME says that another message of this id is the one that counts."""

    UNDER_WAY = "under way"
    DELIVERED = "delivered"
    FAILED = "failed"
    SAME = "same"
    UNREAD = "unread"


def _by_code(rows: Iterable[ErrorRow]) -> dict[str, ErrorRow]:
    return {row.code: row for row in rows}


STATUSES: Final = _by_code(
    (
        *statuses.UNDER_WAY,
        *statuses.UNDELIVERABLE,
        *statuses.EXPIRED,
        *statuses.RECIPIENT,
        *statuses.ACCOUNT,
        *statuses.MESSAGE,
        *statuses.VOICE,
    )
)
CHAT_ERRORS: Final = {
    **chat_errors.PERSON,
    **chat_errors.MESSAGE,
    **chat_errors.SETTINGS,
    **chat_errors.LIMITS,
    **chat_errors.PASSING,
}
GENERAL_ERRORS: Final = {
    **general_errors.PERSON,
    **general_errors.HANDSET,
    **general_errors.MESSAGE,
    **general_errors.SETTINGS,
    **general_errors.LIMITS,
    **general_errors.EXPIRED,
    **network_errors.NETWORK,
}
_BY_ID: Final = {**CHAT_ERRORS, **GENERAL_ERRORS}
_BY_NAME: Final = _by_code(_BY_ID.values())

SHARED: Final[Mapping[str, ErrorRow]] = {**STATUSES, **_BY_NAME, **_by_code((*refusals.HTTP, *refusals.LOCAL))}
ERRORS: Final[Mapping[str, ErrorRow]] = {**SHARED, **_by_code(refusals.LOCAL_ZALO)}

# These say that it went wrong, not why: the error beside them does (section 10, "see error").
_VAGUE: Final = {row.code for row in statuses.UNDELIVERABLE} | {"EXPIRED_EXPIRED", "REJECTED_SYSTEM_ERROR"}
# Whole ranges are troubles of networks, whatever the flag beside them says (section 11).
_NETWORK_IDS: Final = (range(500, 510), range(1024, 1797))
_SAME: Final = {"REJECTED_DUPLICATE_MESSAGE_ID", "EC_DUPLICATE_REQUEST", "EC_DUPLICATE_MESSAGE"}
_GROUPS: Final = {
    "ACCEPTED": Stage.UNDER_WAY,
    "PENDING": Stage.UNDER_WAY,
    "UNDELIVERABLE": Stage.FAILED,
    "DELIVERED": Stage.DELIVERED,
    "EXPIRED": Stage.FAILED,
    "REJECTED": Stage.FAILED,
}
_GROUP_IDS: Final = dict(
    enumerate((Stage.UNDER_WAY, Stage.UNDER_WAY, Stage.FAILED, Stage.DELIVERED, Stage.FAILED, Stage.FAILED))
)

Fields = Mapping[str, Any]


def name_of(fields: Fields) -> str:
    """Return the name in a `status` or `error` object in capitals, empty where it has none."""
    return as_text(fields.get("name")).strip().upper()


def stage(status: Fields, error: Fields) -> Stage:
    """Return how far the message has come. Names are compared without regard to case (section 4)."""
    name = name_of(status)
    if name in _SAME or name_of(error) in _SAME:
        return Stage.SAME
    if name == "DELIVERED_TO_OPERATOR":
        return Stage.UNDER_WAY
    group = _GROUPS.get(as_text(status.get("groupName")).strip().upper())
    return group or _GROUP_IDS.get(_number(status.get("groupId")), Stage.UNREAD)


def row_for(status: Fields, error: Fields) -> ErrorRow:
    """Return the row that decides for a message that failed; a name that no table knows is kept in a row of its own."""
    known = STATUSES.get(name_of(status))
    if known and known.code not in _VAGUE:
        return known
    told = _BY_NAME.get(name_of(error)) or _BY_ID.get(_number(error.get("id")))
    if told:
        return told
    named = name_of(error) not in ("", "NO_ERROR")
    number = _number(error.get("id"))
    if any(number in ids for ids in _NETWORK_IDS):
        return _unknown(name_of(error) or f"ERROR_{number}", permanent=False)
    if known and not (named and isinstance(error.get("permanent"), bool)):
        return known
    return _unknown((named and name_of(error)) or name_of(status) or "NO_STATUS", error.get("permanent") is True)


def _unknown(name: str, permanent: bool) -> ErrorRow:
    advice = "Look the name up in Infobip's documentation and have it added to the table."
    meaning = "A name that the table does not know"
    if permanent:
        return ErrorRow(code=name, meaning=meaning, error_class=ErrorClass.MESSAGE, advice=advice)
    return ErrorRow(
        code=name, meaning=meaning, error_class=ErrorClass.TRANSIENT, retry=Retry.BACKOFF, tries=2, advice=advice
    )


def row_of_http(status: int) -> ErrorRow:
    """Return the row of a request that was refused as a whole (section 9)."""
    if status >= 500:
        return refusals.SERVER_ERROR
    return SHARED.get(f"HTTP_{status}") or refusals.OTHER(code=f"HTTP_{status}")


def _number(value: object) -> int:
    number = as_int(value)
    return -1 if number is None else number
