"""Counters of bulks by state: changed only by steps that really happened, in the transaction that made them."""

from collections import Counter
from typing import Any
from uuid import UUID

import psycopg

_ADD = """
INSERT INTO bulk_count (bulk_id, state, count)
SELECT moved.bulk, moved.state, moved.count
FROM unnest(%(bulks)s::uuid[], %(states)s::smallint[], %(counts)s::int[]) AS moved(bulk, state, count)
JOIN bulk ON bulk.id = moved.bulk AND bulk.counted
ORDER BY moved.bulk, moved.state
ON CONFLICT (bulk_id, state) DO UPDATE SET count = bulk_count.count + EXCLUDED.count
"""


def count_steps(sql: "psycopg.Cursor[Any]", steps: "Counter[tuple[UUID, int, int]]") -> None:
    """Add steps (bulk, from, to) to the counters of counted bulks, in the order of their keys."""
    change: Counter[tuple[UUID, int]] = Counter()
    for (bulk_id, source, target), count in steps.items():
        change[bulk_id, source] -= count
        change[bulk_id, target] += count
    rows = sorted((bulk_id, state, count) for (bulk_id, state), count in change.items() if count)
    if rows:
        values = {
            "bulks": [row[0] for row in rows],
            "states": [row[1] for row in rows],
            "counts": [row[2] for row in rows],
        }
        sql.execute(_ADD, values)
