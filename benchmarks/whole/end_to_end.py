"""The whole way: bulks accepted over HTTP, sent, receipts taken in and applied."""

from statistics import median
from uuid import UUID

import msgspec

from benchmarks.accept.requests import body, headers, url
from benchmarks.campaign import calm_templates
from benchmarks.field import Field
from benchmarks.load import Load, generate
from benchmarks.processes import Meter
from benchmarks.report import Measured
from benchmarks.sandbox import Control
from benchmarks.waiting import until
from messaging.models import Bulk
from messaging.sql import cursor

ROUNDS = 3
A_CALL = 1000
WAIT_SECONDS = 180.0
ROLES = ("web", "worker", "beat", "postgres", "redis")
_ENDED = """
SELECT count(*) FILTER (WHERE ended_at IS NULL), extract(epoch FROM max(ended_at))::float8, count(*)
FROM message WHERE id BETWEEN %s AND %s
"""


class Round(msgspec.Struct, frozen=True):
    """Messages a second from the first call to the last applied receipt, microseconds of processor time a message."""

    per_second: float
    cpu_us: dict[str, float]


def measure(field: Field) -> Measured:
    """Return messages a second; `cpuMilliseconds` counts all our processes, PostgreSQL and Redis among them."""
    control = Control(field.info["sandbox"])
    control.settings(receiptDelayMs=0)
    calm_templates()
    load = Load(
        url=url(field), headers=[headers(field)], bodies=[body(field, A_CALL)] * field.size(30, 3),
        connections=1, seconds=60.0, repeat=False,
    )  # fmt: skip
    rounds = []
    for _ in range(ROUNDS):
        rounds.append(_round(field, load))
        control.forget_requests()
    cpu = {name: round(median(each.cpu_us[name] for each in rounds), 1) for name in rounds[0].cpu_us}
    whole = median(sum(value for name, value in each.cpu_us.items() if name in ROLES) for each in rounds)
    return Measured(
        value=round(median(each.per_second for each in rounds), 1),
        detail={
            "cpuMilliseconds": round(whole / 1000, 3),
            "cpuMicroseconds": cpu,
            "rounds": [msgspec.to_builtins(each) for each in rounds],
        },
    )


def _round(field: Field, load: Load) -> Round:
    newest = Bulk.objects.order_by("-id").values_list("last_id", flat=True).first() or UUID(int=0)
    with Meter({role: field.of(role) for role in (*ROLES, "sandbox")}) as meter:
        saw = generate(load)
        bounds = (UUID(int=newest.int + 1), UUID(int=(1 << 128) - 1))
        until(lambda: _ended(bounds)[0] == 0, WAIT_SECONDS, "the last receipts")
    _, end, count = _ended(bounds)
    used = meter.between(saw.start, end)
    return Round(count / (end - saw.start), {name: seconds / count * 1e6 for name, seconds in used.items()})


def _ended(bounds: tuple[UUID, UUID]) -> tuple[int, float, int]:
    with cursor() as sql:
        row = sql.execute(_ENDED, bounds).fetchone()
    if row is None:
        raise LookupError("an aggregate gave no row")
    return row[0], row[1], row[2]
