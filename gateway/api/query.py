"""Query parameters, strictly: an unknown or broken one is named and refused, so that no filter is lost by a typo."""

from collections.abc import Callable
from datetime import datetime
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

import msgspec
from django.http import QueryDict

from messaging.intake.errors import Findings
from messaging.phones import normalise
from messaging.queries.listing import Filters
from messaging.states import State
from tenants import data_keys

DEFAULT_LIMIT = 100
MOST = 1000
_STATES = {state.word: state for state in State}


def known_only(query: QueryDict, *names: str) -> None:
    """Raise Refused for parameters other than `names`."""
    findings = Findings()
    _unknown(query, frozenset(names), findings)
    findings.raise_if_any()


def read_filters(query: QueryDict, tenant_id: int) -> tuple[Filters, int]:
    """Return the filters and the page's size. Raises Refused naming every bad parameter."""
    findings = Findings()
    _unknown(query, frozenset(_READERS) | {"limit"}, findings)
    values: dict[str, Any] = {}
    for name, (field, read, wanted) in _READERS.items():
        text = query.get(name)
        if text is None:
            continue
        value = read(text, tenant_id)
        if value is None:
            findings.add(name, "invalid", f"{name} must be {wanted}.")
        values[field] = value
    limit = _limit(query.get("limit"), findings)
    findings.raise_if_any()
    return Filters(**values), limit


def read_limit(query: QueryDict) -> int:
    """Return the page's size. Raises Refused."""
    findings = Findings()
    limit = _limit(query.get("limit"), findings)
    findings.raise_if_any()
    return limit


def read_phone(query: QueryDict, name: str) -> str:
    """Return the phone number of a parameter that is needed (E.164 without the plus). Raises Refused."""
    text = query.get(name, "")
    phone = _phone(text)
    if phone is None:
        findings = Findings()
        findings.add(name, "invalid" if text else "required", f"{name} must be a phone number.")
        findings.raise_if_any()
    return phone or ""


def read_after(query: QueryDict) -> tuple[UUID | None, int]:
    """Return where a page starts, None at the beginning, and its size. Raises Refused."""
    findings = Findings()
    limit = _limit(query.get("limit"), findings)
    text = query.get("after")
    after = _id(text, 0) if text is not None else None
    if text is not None and after is None:
        findings.add("after", "invalid", "after must be the id that `next` holds.")
    findings.raise_if_any()
    return after, limit


def next_path(path: str, query: QueryDict, after: str | None) -> str | None:
    """Return the path of the page that goes on after `after`, None where there is none."""
    if after is None:
        return None
    given = {name: query[name] for name in query if name != "after"}
    return f"{path}?{urlencode(given | {'after': after})}"


def _limit(text: str | None, findings: Findings) -> int:
    if text is None:
        return DEFAULT_LIMIT
    if not (text.isascii() and text.isdigit() and len(text) <= 4 and 1 <= int(text) <= MOST):
        findings.add("limit", "out_of_range", f"limit must be 1 to {MOST}.")
        return DEFAULT_LIMIT
    return int(text)


def _unknown(query: QueryDict, names: frozenset[str], findings: Findings) -> None:
    for name in sorted(set(query) - names):
        findings.add(name[:64], "unknown", f"{name[:64]} is not a parameter of this call.")


def _id(text: str, _: int) -> UUID | None:
    try:
        return UUID(text) if len(text) in (32, 36) else None
    except ValueError:
        return None


def _time(text: str, _: int) -> datetime | None:
    try:
        # An unescaped plus arrives as a space.
        at = msgspec.convert(text.replace(" ", "+"), datetime)
    except msgspec.ValidationError:
        return None
    return at if at.tzinfo else None


def _recipient(text: str, tenant_id: int) -> bytes | None:
    phone = _phone(text)
    return data_keys.recipient_hash(tenant_id, phone) if phone else None


def _phone(text: str) -> str | None:
    # An unescaped plus arrives as a space.
    return normalise(text) or normalise("+" + text.strip())


def _label(text: str, _: int) -> str | None:
    return text if 0 < len(text) <= 255 and "\x00" not in text else None


Reader = Callable[[str, int], Any]
_READERS: dict[str, tuple[str, Reader, str]] = {
    "state": ("state", lambda text, _: _STATES.get(text), f"one of {', '.join(_STATES)}"),
    "bulkId": ("bulk_id", _id, "an id of 32 hex digits"),
    "to": ("recipient_hash", _recipient, "a phone number"),
    "reference": ("reference", _label, "1 to 255 characters"),
    "entityId": ("entity_id", _label, "1 to 255 characters"),
    "acceptedFrom": ("accepted_from", _time, "an RFC 3339 time with a zone"),
    "acceptedTo": ("accepted_to", _time, "an RFC 3339 time with a zone"),
    "after": ("after", _id, "the id that `next` holds"),
}
