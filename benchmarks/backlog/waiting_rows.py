"""Millions of messages that wait, as claims and ticks see them: rows of the due table, written by COPY.

Two such tables lie side by side under other names; one of them is put in the due table's place, and the other a moment
later, so that few and many are measured in turns.
"""

from datetime import UTC, datetime, timedelta
from uuid import UUID

from django.utils import timezone

from benchmarks import holding
from benchmarks.field import Field
from messaging.lanes import lane_for
from messaging.models import Bulk
from messaging.sql import atomic_cursor, cursor
from messaging.states import MessageClass
from tenants.models import Tenant

BLOCK = 20_000
FAR_AHEAD = timedelta(days=180)
_LIKE = "CREATE TABLE {name} (LIKE due INCLUDING DEFAULTS INCLUDING CONSTRAINTS) WITH ({options})"
_OPTIONS = "SELECT coalesce(array_to_string(reloptions, ', '), '') FROM pg_class WHERE oid = 'due'::regclass"
_INDEXES = "SELECT indexdef, indexname FROM pg_indexes WHERE schemaname = 'public' AND tablename = 'due'"
_COPY = (
    "COPY {name} (message_id, tenant_id, lane_id, message_class, phase, due_at, expires_at, attempt, tries, leg) "
    "FROM STDIN"
)


class Waiting:
    """A held lane of the demo tenant, and tables in which so many of it wait, half due and half in the coming month."""

    def __init__(self, field: Field) -> None:
        self._tenant = Tenant.objects.get(slug=field.info["tenant"]).pk
        bulk = Bulk.objects.create(
            id=UUID("00000000-0000-7000-8000-ffffffffffff"), tenant_id=self._tenant, total=0,
            first_id=UUID(int=0), last_id=UUID(int=0), created_at=timezone.now(),
        )  # fmt: skip
        self.lane = lane_for(self._tenant, field.channel, MessageClass.TRANSACTIONAL, False, bulk.id)
        holding.hold([self.lane])
        self._in_place = ""

    def fill(self, count: int) -> None:
        """Make the table of `count` rows, with the due table's indexes and as tidy as autovacuum would keep it."""
        name = _name(count)
        with atomic_cursor() as sql:
            options = _one(sql.execute(_OPTIONS).fetchone())
            indexes = sql.execute(_INDEXES).fetchall()
            sql.execute(_LIKE.format(name=name, options=options).encode())
            # Nobody else sees the table before it is whole, so its rows need no log and its indexes are built at once.
            with sql.copy(_COPY.format(name=name).encode()) as copy:
                for first in range(1, count + 1, BLOCK):
                    copy.write(self._block(first, min(count, first + BLOCK - 1)))
            for number, (definition, _) in enumerate(indexes):
                sql.execute(_renamed(definition, name, number).encode())
        with cursor() as sql:
            sql.execute(f"VACUUM (FREEZE, ANALYZE) {name}".encode())
            sql.execute("CHECKPOINT")

    def put(self, count: int) -> None:
        """Put the table of `count` rows in the due table's place; nothing may be in flight."""
        name = _name(count)
        if name == self._in_place:
            return
        with atomic_cursor() as sql:
            aside = self._in_place or "due_before"
            sql.execute(f"ALTER TABLE due RENAME TO {aside}".encode())
            sql.execute(f"ALTER TABLE {name} RENAME TO due".encode())
        self._in_place = name

    def _block(self, first: int, last: int) -> str:
        now = datetime.now(UTC)
        due, expires = (now - timedelta(days=1)).isoformat(), (now + FAR_AHEAD).isoformat()
        later = now + timedelta(days=1)
        start = f"\t{self._tenant}\t{self.lane}\t{int(MessageClass.TRANSACTIONAL)}\t0\t"
        end = f"\t{expires}\t0\t0\t1\n"
        return "".join(
            f"00000000-0000-7000-8000-{n:012x}{start}"
            f"{(later + timedelta(seconds=n * 0.25)).isoformat() if n % 2 else due}{end}"
            for n in range(first, last + 1)
        )


def _name(count: int) -> str:
    return f"due_{count}"


def _renamed(definition: str, table: str, number: int) -> str:
    """Return the statement that makes an index of the due table on another one."""
    head, _, rest = definition.partition(" ON ")
    unique = "UNIQUE " if head.startswith("CREATE UNIQUE") else ""
    return f"CREATE {unique}INDEX {table}_{number} ON {table} {rest.partition(' ')[2]}"


def _one(row: tuple[str, ...] | None) -> str:
    if row is None:
        raise LookupError("there is no due table")
    return row[0]
