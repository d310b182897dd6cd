"""`python -m providers.sandbox`: one process that imitates all providers."""

import argparse
import asyncio
import logging
import signal
import sys
from pathlib import Path

import uvloop

from providers.sandbox.server import Server
from providers.sandbox.state import Sandbox


def main() -> int:
    """Serve until SIGTERM or SIGINT; return the exit code."""
    arguments = _arguments()
    logging.basicConfig(level=logging.INFO, stream=sys.stderr, format="%(asctime)s %(name)s %(levelname)s %(message)s")
    return uvloop.run(_run(arguments))


async def _run(arguments: argparse.Namespace) -> int:
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    server = Server(Sandbox(arguments.home, retry_scale=arguments.retry_scale))
    try:
        await server.start(arguments.host, arguments.port)
    except OSError as error:
        sys.stderr.write(f"sandbox: cannot listen on {arguments.host}:{arguments.port}: {error.strerror or error}\n")
        return 1
    sys.stdout.write(f"sandbox: listening on http://{arguments.host}:{server.port} (state in {arguments.home})\n")
    sys.stdout.flush()
    await stop.wait()
    await server.stop()
    return 0


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m providers.sandbox", description=__doc__)
    parser.add_argument("--host", default="127.0.0.1", help="address to listen on (default: %(default)s)")
    parser.add_argument("--port", type=int, default=8001, help="port, 0 for a free one (default: %(default)s)")
    parser.add_argument("--home", type=Path, required=True, help="folder of the state file; made if it is absent")
    parser.add_argument(
        "--retry-scale",
        type=float,
        default=0.1,
        help="factor on the waits of the webhook retry ladder: 30 s, 5, 15, 30, 60 min (default: %(default)s)",
    )
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
