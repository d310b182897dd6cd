"""A client of its own: `python -m benchmarks.load` reads a Load from standard input and writes what it Saw.

A bounded number of keep-alive connections, each with one request under way. It parses as little as it can, so that it
takes as little as possible of the cores that it shares with the server.
"""

import asyncio
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from itertools import count, cycle
from urllib.parse import urlsplit

import msgspec
import uvloop

ANSWER_SECONDS = 30.0


class Load(msgspec.Struct, frozen=True, kw_only=True):
    """`bodies` are sent in turn, again and again for `seconds` where `repeat`, else once each; `headers` may differ by
    body where there is one set a body; at most `per_second` are sent, 0 for as many as are answered."""

    url: str
    headers: list[dict[str, str]]
    bodies: list[bytes]
    connections: int
    seconds: float
    repeat: bool = True
    per_second: float = 0.0


class Saw(msgspec.Struct, frozen=True):
    """`latencies` in milliseconds, ascending; `statuses` code -> answers; `start` and `end` in epoch seconds."""

    start: float
    end: float
    latencies: list[float]
    statuses: dict[int, int]

    @property
    def per_second(self) -> float:
        """Return the answers a second."""
        return len(self.latencies) / (self.end - self.start)

    def percentile(self, share: float) -> float:
        """Return the latency (ms) that `share` of the answers kept."""
        return round(self.latencies[min(len(self.latencies) - 1, int(share * len(self.latencies)))], 2)


def generate(load: Load) -> Saw:
    """Run the load in a process of its own. Raises RuntimeError where an answer was not a success."""
    command = [sys.executable, "-m", "benchmarks.load"]
    ran = subprocess.run(
        command, input=msgspec.json.encode(load), stdout=subprocess.PIPE, timeout=load.seconds + 60, check=True
    )
    saw = msgspec.json.decode(ran.stdout, type=Saw)
    if not saw.latencies or any(status >= 300 for status in saw.statuses):
        raise RuntimeError(f"{load.url} answered {saw.statuses}")
    return saw


def _requests(load: Load) -> Iterator[bytes]:
    place = urlsplit(load.url)
    written = []
    for n, body in enumerate(load.bodies):
        fields = load.headers[n % len(load.headers)] | {"Host": place.netloc, "Content-Length": str(len(body))}
        lines = "".join(f"{name}: {value}\r\n" for name, value in fields.items())
        written.append(f"POST {place.path} HTTP/1.1\r\n{lines}\r\n".encode() + body)
    return cycle(written) if load.repeat else iter(written)


def _slots(load: Load, start: float) -> Iterator[float]:
    """Yield when (perf_counter) each request may leave at the earliest."""
    apart = 1 / load.per_second if load.per_second else 0.0
    return (start + n * apart for n in count())


async def _connection(
    load: Load, requests: Iterator[bytes], slots: Iterator[float], until: float, seen: list[tuple[float, int]]
) -> None:
    place = urlsplit(load.url)
    reader, writer = await asyncio.open_connection(place.hostname, place.port)
    for request in requests:
        began = time.perf_counter()
        if (ahead := next(slots) - began) > 0:
            await asyncio.sleep(ahead)
            began = time.perf_counter()
        if began > until:
            break
        writer.write(request)
        head = (await reader.readuntil(b"\r\n\r\n")).lower()
        length = head.partition(b"content-length:")[2].partition(b"\r\n")[0]
        await reader.readexactly(int(length))
        seen.append(((time.perf_counter() - began) * 1000, int(head[9:12])))
    writer.close()


async def _main(load: Load) -> Saw:
    requests, seen = _requests(load), list[tuple[float, int]]()
    now, start = time.perf_counter(), time.time()
    slots, until = _slots(load, now), now + load.seconds
    async with asyncio.timeout(load.seconds + ANSWER_SECONDS):
        await asyncio.gather(*(_connection(load, requests, slots, until, seen) for _ in range(load.connections)))
    return Saw(start, time.time(), sorted(took for took, _ in seen), dict(Counter(status for _, status in seen)))


if __name__ == "__main__":
    asked = msgspec.json.decode(sys.stdin.buffer.read(), type=Load)
    sys.stdout.buffer.write(msgspec.json.encode(uvloop.run(_main(asked))))
