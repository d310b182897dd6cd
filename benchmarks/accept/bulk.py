"""A thousand messages a call over HTTP, beside a bare COPY of the rows that they became."""

import time
from statistics import median
from typing import Any

import psycopg

from benchmarks.accept.requests import body, headers, url
from benchmarks.field import Field
from benchmarks.load import Load, generate
from benchmarks.processes import Meter
from benchmarks.rates import ratios
from benchmarks.report import Measured

ROUNDS = 3
A_CALL = 1000
CONNECTIONS = 2
WANTED = 15_000.0
SHARE_OF_COPY = 0.25
_ROWS = "SELECT * FROM message ORDER BY id DESC LIMIT %s"


def measure(field: Field) -> Measured:
    """Return messages a second; `required` is the ratio to the lower of 15,000 a second and a quarter of COPY."""
    load = Load(
        url=url(field), headers=[headers(field)], bodies=[body(field, A_CALL, later=True)],
        connections=CONNECTIONS, seconds=float(field.size(6, 2)),
    )  # fmt: skip
    generate(load)
    ours, copy, cpu = list[float](), list[float](), list[dict[str, float]]()
    for _ in range(ROUNDS):
        copy.append(_copy(field.info["databaseUrl"], field.size(30, 10)))
        with Meter({"web": field.of("web"), "postgres": field.of("postgres")}) as meter:
            saw = generate(load)
        ours.append(saw.per_second * A_CALL)
        used, count = meter.between(saw.start, saw.end), len(saw.latencies) * A_CALL
        cpu.append({name: round(seconds / count * 1e6, 1) for name, seconds in used.items()})
    required = [min(WANTED, SHARE_OF_COPY * found) for found in copy]
    return Measured(
        value=round(median(ours), 1),
        ratio=ratios(ours, {"copy": copy, "required": required}),
        detail={
            "copyPerSecond": round(median(copy)),
            "requiredPerSecond": round(median(required)),
            "cpuMicrosecondsAMessage": {name: median(found[name] for found in cpu) for name in cpu[0]},
            "rounds": {"ours": [round(found) for found in ours], "copy": [round(found) for found in copy]},
        },
    )


def _copy(database_url: str, calls: int) -> float:
    """Return rows a second of COPY, a thousand a transaction, into a plain table with the message table's columns."""
    with psycopg.connect(database_url, connect_timeout=5) as connection:
        rows: list[tuple[Any, ...]] = connection.execute(_ROWS, (A_CALL,)).fetchall()
        connection.execute("CREATE TABLE IF NOT EXISTS bare_copy (LIKE message INCLUDING DEFAULTS)")
        connection.commit()
        began = time.perf_counter()
        for _ in range(calls):
            with connection.cursor().copy("COPY bare_copy FROM STDIN") as copy:
                for row in rows:
                    copy.write_row(row)
            connection.commit()
        return calls * A_CALL / (time.perf_counter() - began)
