"""One message a call, durable at the answer, beside a bare Django view that inserts one row."""

from statistics import median
from typing import Any

import msgspec

from benchmarks.accept.requests import body, headers, url
from benchmarks.bare_view.server import serving
from benchmarks.campaign import hold_shared_lane
from benchmarks.field import Field
from benchmarks.load import Load, Saw, generate
from benchmarks.processes import Meter
from benchmarks.rates import ratios
from benchmarks.report import Measured

ROUNDS = 3
CONNECTIONS = 16
WARM_SECONDS = 1.0


class Round(msgspec.Struct, frozen=True):
    """Requests a second, latencies in ms, microseconds of processor time a request by group."""

    per_second: float
    p50: float
    p99: float
    cpu_us: dict[str, float]


def measure(field: Field) -> Measured:
    """Return our requests a second and the ratio to the bare view's."""
    hold_shared_lane(field)
    load = Load(
        url=url(field), headers=[headers(field)], bodies=[body(field, 1)],
        connections=CONNECTIONS, seconds=float(field.size(5, 2)),
    )  # fmt: skip
    found: dict[str, list[Round]] = {"ours": [], "bareView": []}
    with serving() as (address, pid):
        bare = msgspec.structs.replace(load, url=address)
        for each in (load, bare):
            generate(msgspec.structs.replace(each, seconds=WARM_SECONDS))
        for _ in range(ROUNDS):
            found["bareView"].append(_round(bare, field, [pid]))
            found["ours"].append(_round(load, field, field.of("web")))
    ours = found["ours"]
    speeds = {name: [each.per_second for each in rounds] for name, rounds in found.items()}
    return Measured(
        value=round(median(speeds["ours"]), 1),
        ratio=ratios(speeds["ours"], {"bareView": speeds["bareView"]}),
        detail={
            "connections": CONNECTIONS,
            "p50": median(each.p50 for each in ours),
            "p99": median(each.p99 for each in ours),
            "rounds": {name: [_shown(each) for each in rounds] for name, rounds in found.items()},
        },
    )


def _round(load: Load, field: Field, server: list[int]) -> Round:
    with Meter({"web": server, "postgres": field.of("postgres"), "redis": field.of("redis")}) as meter:
        saw: Saw = generate(load)
    used = meter.between(saw.start, saw.end)
    cpu = {name: round(seconds / len(saw.latencies) * 1e6, 1) for name, seconds in used.items()}
    return Round(round(saw.per_second, 1), saw.percentile(0.5), saw.percentile(0.99), cpu)


def _shown(found: Round) -> dict[str, Any]:
    return {"perSecond": found.per_second, "p50": found.p50, "p99": found.p99, "cpuMicroseconds": found.cpu_us}
