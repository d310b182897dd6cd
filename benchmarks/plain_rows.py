"""The table that the comparisons work on: what a plain sender would keep of its messages, one row each."""

import json

import psycopg

from benchmarks.sandbox import Grant

TABLE = """
DROP TABLE IF EXISTS {name};
CREATE TABLE {name} (
    id bigserial PRIMARY KEY,
    phone text NOT NULL,
    template text NOT NULL,
    template_data jsonb NOT NULL,
    state smallint NOT NULL DEFAULT 0,
    attempts smallint NOT NULL DEFAULT 0,
    provider_message_id text NOT NULL DEFAULT '',
    error text NOT NULL DEFAULT '',
    created_at timestamptz NOT NULL DEFAULT now(),
    settled_at timestamptz
) WITH (fillfactor = 70);
CREATE INDEX {name}_waiting ON {name} (id) WHERE state = 0;
"""
_IDS = "SELECT id FROM {name} ORDER BY id"
_WAITING = "SELECT count(*) FROM {name} WHERE state = 0"
SENT, FAILED = 2, 7


def fill(url: str, name: str, size: int, grant: Grant) -> list[int]:
    """Make the table anew with `size` messages that wait; return their ids."""
    data = json.dumps(dict.fromkeys(grant.parameters, "1"))
    with psycopg.connect(url, connect_timeout=5) as connection:
        connection.execute(TABLE.format(name=name))
        with connection.cursor().copy(f"COPY {name} (phone, template, template_data) FROM STDIN") as copy:
            for n in range(size):
                copy.write_row((f"8498{n:07d}", grant.template, data))
        connection.execute(f"ANALYZE {name}")
        return [found for (found,) in connection.execute(_IDS.format(name=name)).fetchall()]


def waiting(url: str, name: str) -> int:
    """Return how many rows are not settled."""
    with psycopg.connect(url, connect_timeout=5) as connection:
        row = connection.execute(_WAITING.format(name=name)).fetchone()
    return int(row[0]) if row else 0


def settled(url: str, name: str) -> list[tuple[float, int]]:
    """Return (epoch seconds, count) for each moment at which rows were sent, oldest first."""
    query = (
        f"SELECT extract(epoch FROM settled_at)::float8, count(*) FROM {name} "  # noqa: S608  a name of ours
        f"WHERE state = {SENT} GROUP BY 1 ORDER BY 1"
    )
    with psycopg.connect(url, connect_timeout=5) as connection:
        return connection.execute(query).fetchall()
