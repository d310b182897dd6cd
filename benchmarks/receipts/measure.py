"""Receipts one a call over HTTP: how many are taken in, how many applied, how old the oldest waiting one gets."""

import threading
from statistics import median

import msgspec

from benchmarks.campaign import store
from benchmarks.field import Field
from benchmarks.load import generate
from benchmarks.processes import Meter
from benchmarks.receipts.calls import one_each
from benchmarks.report import Measured
from benchmarks.sandbox import Control
from benchmarks.waiting import until
from messaging.sql import cursor
from tenants.models import Channel

ROUNDS = 3
ARRIVING = 2000.0
LOOK_SECONDS = 0.2
WAIT_SECONDS = 120.0
_OPEN = (
    "SELECT coalesce(extract(epoch FROM clock_timestamp() - min(received_at)), 0)::float8 FROM receipt WHERE state = 0"
)
_LAST = "SELECT extract(epoch FROM max(ended_at))::float8 FROM message WHERE id BETWEEN %s AND %s"
_UNENDED = "SELECT EXISTS (SELECT FROM message WHERE id BETWEEN %s AND %s AND ended_at IS NULL)"


class Round(msgspec.Struct, frozen=True):
    """Taken in and applied a second, the oldest that waited (s), microseconds of processor time a receipt."""

    taken: float
    applied: float
    oldest: float
    cpu_us: dict[str, float]


def measure(field: Field) -> Measured:
    """Return receipts taken in a second, as many as are answered; then how old they get where 2,000/s arrive."""
    Control(field.info["sandbox"]).silence()
    rounds = [_round(field, field.size(30_000, 3_000)) for _ in range(ROUNDS)]
    steady = _round(field, field.size(30_000, 3_000), ARRIVING)
    return Measured(
        value=round(median(each.taken for each in rounds), 1),
        detail={
            "appliedPerSecond": round(median(each.applied for each in rounds), 1),
            "oldestSeconds": round(median(each.oldest for each in rounds), 2),
            "arriving": {"perSecond": round(steady.taken, 1), "oldestSeconds": round(steady.oldest, 2)},
            "cpuMicroseconds": {name: round(median(r.cpu_us[name] for r in rounds), 1) for name in rounds[0].cpu_us},
            "rounds": [msgspec.to_builtins(each) for each in rounds],
        },
    )


def _round(field: Field, size: int, per_second: float = 0.0) -> Round:
    campaign = store(field, size)
    campaign.release()
    campaign.finish()
    load = one_each(campaign, Channel.objects.get(id=field.channel).account_id)
    load = msgspec.structs.replace(load, per_second=per_second)
    groups = {role: field.of(role) for role in ("web", "worker", "postgres")}
    ages: list[float] = []
    ended = threading.Event()
    watch = threading.Thread(target=_watch, args=(ages, ended), daemon=True)
    watch.start()
    with Meter(groups) as meter:
        saw = generate(load)
        bounds = (campaign.first, campaign.last)
        until(lambda: not _asked(_UNENDED, bounds), WAIT_SECONDS, "applying receipts")
    ended.set()
    watch.join()
    end = float(_asked(_LAST, bounds))
    used = meter.between(saw.start, max(end, saw.end))
    cpu = {name: seconds / size * 1e6 for name, seconds in used.items()}
    return Round(saw.per_second, size / (end - saw.start), max(ages, default=0.0), cpu)


def _watch(ages: list[float], ended: threading.Event) -> None:
    while not ended.wait(LOOK_SECONDS):
        ages.append(float(_asked(_OPEN, ())))


def _asked(query: str, values: tuple[object, ...]) -> float:
    with cursor() as sql:
        row = sql.execute(query, values).fetchone()
    return row[0] if row else 0
