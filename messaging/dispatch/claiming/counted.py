"""The day's counts of Mini App notifications: locked in the order of their keys, raised by claims, given back."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any, NamedTuple
from uuid import UUID

import psycopg


class Key(NamedTuple):
    """One count: of an app's day in Viet Nam, for a person by keyed hash, for the app itself where that is empty."""

    app: str
    day: date
    person: bytes


_MAKE = """
INSERT INTO notification_count (app, day, person, count)
SELECT app, day, person, 0 FROM unnest(%(apps)s::text[], %(days)s::date[], %(persons)s::bytea[])
  AS wanted(app, day, person)
ORDER BY app, day, person ON CONFLICT DO NOTHING
"""
_LOCK = """
SELECT found.app, found.day, found.person, found.count FROM notification_count found
JOIN unnest(%(apps)s::text[], %(days)s::date[], %(persons)s::bytea[]) AS wanted(app, day, person)
  USING (app, day, person)
ORDER BY found.app, found.day, found.person FOR UPDATE OF found
"""
_ADD = """
UPDATE notification_count found SET count = GREATEST(found.count + added.count, 0)
FROM unnest(%(apps)s::text[], %(days)s::date[], %(persons)s::bytea[], %(counts)s::int[])
  AS added(app, day, person, count)
WHERE found.app = added.app AND found.day = added.day AND found.person = added.person
"""
_GIVEN_BACK = """
WITH counted AS (
    SELECT message_id, person, counted_on, counted_for FROM mini_app_message
    WHERE message_id = ANY(%s::uuid[]) AND counted_on IS NOT NULL FOR UPDATE
), freed AS (
    UPDATE mini_app_message SET counted_on = NULL, counted_for = '' FROM counted
    WHERE mini_app_message.message_id = counted.message_id
)
SELECT counted_for, counted_on, person FROM counted
"""


def lock(sql: "psycopg.Cursor[Any]", keys: Sequence[Key]) -> dict[Key, int]:
    """Lock these counts, made where there are none, and return them."""
    values = _columns(keys)
    found = sql.execute(_LOCK, values).fetchall()
    if len(found) < len(set(keys)):
        sql.execute(_MAKE, values)
        found = sql.execute(_LOCK, values).fetchall()
    return {Key(app, day, bytes(person)): count for app, day, person, count in found}


def add(sql: "psycopg.Cursor[Any]", counts: Mapping[Key, int]) -> None:
    """Add to counts that the caller has locked."""
    sql.execute(_ADD, _columns(counts) | {"counts": list(counts.values())})


def give_back(sql: "psycopg.Cursor[Any]", message_ids: Sequence[UUID]) -> None:
    """Take messages that were refused or did not leave off the counts in which they stand."""
    counts: dict[Key, int] = {}
    if not message_ids:
        return
    for app, day, person in sql.execute(_GIVEN_BACK, (list(message_ids),)).fetchall():
        for key in (Key(app, day, b""), Key(app, day, bytes(person))):
            counts[key] = counts.get(key, 0) - 1
    if counts:
        lock(sql, list(counts))
        add(sql, counts)


def _columns(keys: Iterable[Key]) -> dict[str, Any]:
    rows = list(keys)
    return {
        "apps": [key.app for key in rows],
        "days": [key.day for key in rows],
        "persons": [key.person for key in rows],
    }
