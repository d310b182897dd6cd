"""Opt-outs from and to CSV files: every good row is taken, every bad one reported."""

import csv
from collections.abc import Iterable, Iterator
from datetime import date, datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

import msgspec

from messaging.models import RecipientMark
from messaging.phones import normalise
from messaging.recipients.marks import BATCH, Reach, phone_of, suppress
from messaging.states import MessageClass
from providers.registry import PROVIDERS
from tenants import clock
from tenants.models import Tenant

COLUMNS: Final = ("to", "class", "channelKind", "until", "note")
EXPORTED: Final = ("to", "kind", "reason", "code", "class", "channelKind", "account", "since", "until", "note")
MOST_REPORTED: Final = 1000
LONGEST_NOTE: Final = 200
_SEPARATORS: Final = ",;\t"


class Unreadable(ValueError):
    """The file is no CSV file that can be read; the text is one line that says why."""


class BadRow(msgspec.Struct, frozen=True):
    """A row that was left out; `row` counts the file's rows from 1, the head being the first."""

    row: int
    column: str
    reason: str


class Imported(msgspec.Struct):
    """What became of a file: rows taken, rows left out, and the first of these."""

    taken: int = 0
    left_out: int = 0
    bad: list[BadRow] = []


class _Row(msgspec.Struct, frozen=True):
    phone: str
    reach: Reach
    until: datetime | None
    note: str


class _Bad(ValueError):
    """`args` are column and reason."""


def import_suppressions(tenant: Tenant, lines: Iterable[str]) -> Imported:
    """Suppress the persons of a CSV file whose head names COLUMNS; only `to` is needed.

    Without a head the file holds numbers only. Times have a zone; a day counts whole, in the tenant's zone. Raises
    Unreadable. Repeating an import changes nothing but the marks' age.
    """
    imported = Imported(bad=[])
    waiting: list[_Row] = []
    for row in _read(tenant, lines, imported):
        waiting.append(row)
        if len(waiting) == BATCH:
            _store(tenant, waiting)
            waiting = []
    _store(tenant, waiting)
    return imported


def _read(tenant: Tenant, lines: Iterable[str], imported: Imported) -> Iterator[_Row]:
    zone, now = ZoneInfo(tenant.time_zone), clock.now()
    names: list[str] | None = None
    for number, values in enumerate(_rows(lines), start=1):
        if names is None:
            names = _head(values)
            if names is not None:
                continue
            names = ["to"]
        if not any(value.strip() for value in values):
            continue
        try:
            row = _row(dict(zip(names, (value.strip() for value in values), strict=False)), zone, now)
        except _Bad as bad:
            imported.left_out += 1
            if len(imported.bad) < MOST_REPORTED:
                imported.bad.append(BadRow(number, *bad.args))
        else:
            imported.taken += 1
            yield row


def _rows(lines: Iterable[str]) -> Iterator[list[str]]:
    """Yield the rows, separated by what the first line has most of. Raises Unreadable."""
    rest = iter(lines)
    try:
        first = next(rest, "")
        separator = max(_SEPARATORS, key=first.count)
        yield from csv.reader(_with(first, rest), delimiter=separator)
    except csv.Error as error:
        raise Unreadable(f"this is no CSV file: {error}") from error
    except UnicodeDecodeError as error:
        raise Unreadable("the file is not in UTF-8") from error


def _with(first: str, rest: Iterator[str]) -> Iterator[str]:
    yield first.removeprefix("\ufeff")
    yield from rest


def _head(values: list[str]) -> list[str] | None:
    """Return the names of the columns, None where the first row is no head. Raises Unreadable."""
    names = [value.strip() for value in values]
    if len(names) == 1 and normalise(names[0]):
        return None
    if "to" not in names:
        raise Unreadable(f"the first row must name the columns: {', '.join(COLUMNS)}; `to` is needed")
    unknown = [name for name in names if name and name not in COLUMNS]
    if unknown:
        raise Unreadable(f"there is no column {unknown[0][:50]}; there are {', '.join(COLUMNS)}")
    return names


def _row(values: dict[str, str], zone: ZoneInfo, now: datetime) -> _Row:
    phone = normalise(values.get("to", ""))
    if phone is None:
        raise _Bad("to", "is not a phone number")
    message_class = values.get("class", "").lower()
    classes = {one.queue: int(one) for one in MessageClass}
    if message_class and message_class not in classes:
        raise _Bad("class", f"must be empty or one of {', '.join(classes)}")
    kind = values.get("channelKind", "")
    if kind and kind not in PROVIDERS:
        raise _Bad("channelKind", f"must be empty or one of {', '.join(PROVIDERS)}")
    note = values.get("note", "")
    if len(note) > LONGEST_NOTE or not note.isprintable():
        raise _Bad("note", f"must be at most {LONGEST_NOTE} printable characters")
    return _Row(phone, Reach(classes.get(message_class), kind), _until(values.get("until", ""), zone, now), note)


def _until(text: str, zone: ZoneInfo, now: datetime) -> datetime | None:
    if not text:
        return None
    try:
        until = datetime.fromisoformat(text)
        if len(text) == len("2026-12-31"):
            until = datetime.combine(date.fromisoformat(text) + timedelta(days=1), time(), zone)
    except (ValueError, OverflowError):
        raise _Bad("until", "is no day such as 2026-12-31 and no RFC 3339 time") from None
    if until.tzinfo is None:
        raise _Bad("until", "has no time zone")
    if until <= now:
        raise _Bad("until", "lies in the past")
    return until


def _store(tenant: Tenant, rows: list[_Row]) -> None:
    alike: dict[tuple[Reach, datetime | None, str], list[str]] = {}
    for row in rows:
        alike.setdefault((row.reach, row.until, row.note), []).append(row.phone)
    for (reach, until, note), phones in alike.items():
        suppress(tenant.pk, phones, reach, until=until, note=note)


def export_marks(marks: Iterable[RecipientMark]) -> Iterator[list[str]]:
    """Yield a head and a row for each mark, numbers in clear (empty where they were erased), times in UTC."""
    yield list(EXPORTED)
    for mark in marks:
        yield [
            phone_of(mark),
            mark.kind,
            mark.reason,
            mark.code,
            MessageClass(mark.message_class).queue if mark.message_class else "",
            mark.channel_kind,
            str(mark.account_id or ""),
            mark.created_at.isoformat(timespec="seconds"),
            mark.expires_at.isoformat(timespec="seconds") if mark.expires_at else "",
            _harmless(mark.note),
        ]


def _harmless(text: str) -> str:
    """Return free text that no spreadsheet takes for a formula."""
    return f"'{text}" if text[:1] in ("=", "+", "-", "@") else text
