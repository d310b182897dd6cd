"""What tenants tell of a Mini App's users with their messages: kept until they tell something newer."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final
from uuid import UUID

import msgspec
import psycopg

from messaging.models import RecipientMark

# Zalo may not notify the person: true until a visit makes it good (zalo-mini-app.md section 4, -111).
UNTIL_A_VISIT: Final = "-111"

_MESSAGES = """
INSERT INTO mini_app_message (message_id, tenant_id, person)
SELECT id, %(tenant)s, person FROM unnest(%(ids)s::uuid[], %(persons)s::bytea[]) AS row(id, person)
"""
# Of many messages to a person in one request the last one that tells a fact is believed.
_PERSONS = """
INSERT INTO mini_app_person (tenant_id, person, opted_in, last_visit, told_at)
SELECT %(tenant)s, person, (array_agg(opted_in ORDER BY n DESC) FILTER (WHERE opted_in IS NOT NULL))[1],
       max(last_visit), gateway_now()
FROM unnest(%(persons)s::bytea[], %(opted)s::boolean[], %(visits)s::timestamptz[])
  WITH ORDINALITY AS row(person, opted_in, last_visit, n)
WHERE opted_in IS NOT NULL OR last_visit IS NOT NULL
GROUP BY person ORDER BY person
ON CONFLICT (tenant_id, person) DO UPDATE
SET opted_in = COALESCE(EXCLUDED.opted_in, mini_app_person.opted_in),
    last_visit = GREATEST(EXCLUDED.last_visit, mini_app_person.last_visit), told_at = EXCLUDED.told_at
RETURNING person
"""
_MADE_GOOD = f"""
DELETE FROM recipient_mark mark USING mini_app_person told
WHERE mark.tenant_id = %(tenant)s AND mark.recipient_hash = ANY(%(told)s::bytea[])
  AND mark.kind = '{RecipientMark.Kind.MEMORY}' AND mark.code = '{UNTIL_A_VISIT}'
  AND told.tenant_id = mark.tenant_id AND told.person = mark.recipient_hash AND told.last_visit > mark.created_at
"""


class Visit(msgspec.Struct, frozen=True):
    """A message that names a Mini App's user by the keyed hash `person`, with the facts told; None: not told."""

    message_id: UUID
    person: bytes
    opted_in: bool | None = None
    last_visit: datetime | None = None


def note_visits(sql: "psycopg.Cursor[Any]", tenant_id: int, visits: Sequence[Visit]) -> None:
    """Keep whom messages name and what is told of them, in the caller's transaction."""
    values: dict[str, Any] = {
        "tenant": tenant_id,
        "ids": [visit.message_id for visit in visits],
        "persons": [visit.person for visit in visits],
        "opted": [visit.opted_in for visit in visits],
        "visits": [visit.last_visit for visit in visits],
    }
    sql.execute(_MESSAGES, values)
    if all(visit.opted_in is None and visit.last_visit is None for visit in visits):
        return
    told = [row[0] for row in sql.execute(_PERSONS, values).fetchall()]
    sql.execute(_MADE_GOOD, {"tenant": tenant_id, "told": told})
