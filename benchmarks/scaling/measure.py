"""The same load on one, two and more worker hosts against one database, and what a message costs each part."""

import os
from collections.abc import Sequence
from pathlib import Path
from statistics import median

import msgspec

from benchmarks.campaign import store
from benchmarks.field import Field
from benchmarks.processes import Meter
from benchmarks.report import Measured
from benchmarks.rounds import rounds, too_few
from benchmarks.sandbox import Control
from benchmarks.scaling import network
from benchmarks.scaling.hosts import Host, working
from gateway.embedded.folder import Folder
from gateway.embedded.running import postgres_pid, redis_pid
from providers.zalo.hosts import BUSINESS_HOST

DELAY_MS = 200
# One account may hold half of a worker's places: 64 calls of 200 ms, at most 320 a second and host.
PLACES, A_HOST = 128, 320
UNBOUND = 2048
HOSTS = 4
# A lane's other workers join within the first seconds; where it ends, some find nothing more.
RAMP, END = 0.25, 0.9


class Step(msgspec.Struct, frozen=True, rename="camel"):
    """Messages a second of so many hosts with so many places each; microseconds of processor time a message by part;
    how many cores all parts together kept busy."""

    hosts: int
    places: int
    per_second: float
    cpu_us: dict[str, float]
    cores_busy: float


def in_namespaces(field: Field) -> Measured:
    """Measure with each host in a network namespace of its own."""
    network.open_servers(field.info["databaseUrl"], field.info["redisUrl"])
    return _measure(field, [Host(number, network.add(number)) for number in range(1, HOSTS + 1)], "namespaces")


def in_sessions(field: Field) -> Measured:
    """Measure with each host as a session of processes."""
    return _measure(field, [Host(number) for number in range(1, HOSTS + 1)], "sessions")


def _measure(field: Field, hosts: Sequence[Host], apart: str) -> Measured:
    """Return how many times one host's rate all of them reach; steps with places that bind, then with ones that do
    not."""
    control = Control(field.info["sandbox"])
    control.silence()
    fault = {"host": BUSINESS_HOST, "path": "/message/template", "fault": "delay", "delayMs": DELAY_MS}
    control.ask("POST", "/_/faults", fault)
    seconds = field.size(12, 5)
    found: dict[tuple[int, int], list[Step]] = {}
    done = 0
    for _ in rounds(600, field.size(3, 1)):
        for count in range(1, len(hosts) + 1):
            size = count * A_HOST * seconds
            found.setdefault((count, PLACES), []).append(_step(field, hosts[:count], PLACES, size))
            control.forget_requests()
        for count in (1, 2):
            found.setdefault((count, UNBOUND), []).append(_step(field, hosts[:count], UNBOUND, 2000 * seconds))
            control.forget_requests()
        done += 1
    steps = [_middle(several) for several in found.values()]
    one, most = steps[0].per_second, steps[len(hosts) - 1].per_second
    return Measured(
        value=round(most / one, 2),
        detail={"apart": apart, "steps": msgspec.to_builtins(steps), "rounds": done},
        short=too_few(done),
    )


def _step(field: Field, hosts: Sequence[Host], places: int, size: int) -> Step:
    campaign = store(field, size)
    folder = Folder(Path(os.environ["GATEWAY_HOME"]))
    with working(hosts, field, places) as workers:
        groups = {
            "workers": workers,
            "postgres": [postgres_pid(folder)],
            "redis": [redis_pid(folder)],
            "sandbox": field.of("sandbox"),
        }
        with Meter(groups) as meter:
            campaign.release()
            campaign.finish()
    start, end, count = steady(campaign.settled())
    used = meter.between(start, end)
    cpu = {name: round(seconds / count * 1e6, 1) for name, seconds in used.items()}
    return Step(len(hosts), places, round(count / (end - start), 1), cpu, round(sum(used.values()) / (end - start), 2))


def steady(settled: Sequence[tuple[float, int]]) -> tuple[float, float, int]:
    """Return (start, end, count) of the stretch in which all hosts are at work, of settlings (epoch seconds, count)."""
    whole, before = sum(count for _, count in settled), 0
    start, counted, end = 0.0, 0, 0.0
    for at, count in settled:
        before += count
        if before < RAMP * whole or not start:
            start = at
        elif before <= END * whole:
            counted, end = counted + count, at
    return start, end, counted


def _middle(several: Sequence[Step]) -> Step:
    first = several[0]
    return Step(
        first.hosts,
        first.places,
        median(step.per_second for step in several),
        {name: median(step.cpu_us[name] for step in several) for name in first.cpu_us},
        median(step.cores_busy for step in several),
    )
