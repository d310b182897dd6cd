"""One call at a time, for callers without a loop of their own: the admin, token custody."""

import asyncio
import ssl
from concurrent.futures import ThreadPoolExecutor

from providers.contract import Call, Response
from providers.transport.sending import Transport


def exchange(call: Call, tls: ssl.SSLContext | None = None, proxy: str = "") -> Response:
    """Send one call and wait for it, from any thread, also from one whose event loop is running (it is blocked).

    Opens and closes its own connection; `tls` and `proxy` are those of `Transport`.
    """
    with ThreadPoolExecutor(max_workers=1, thread_name_prefix="exchange") as thread:
        return thread.submit(_exchange, call, tls, proxy).result()


def _exchange(call: Call, tls: ssl.SSLContext | None, proxy: str) -> Response:
    # Not asyncio.run: at its end it would wait for a name look-up that has outlived the call's time.
    loop = asyncio.new_event_loop()
    try:
        return loop.run_until_complete(_send_once(call, tls, proxy))
    finally:
        loop.run_until_complete(_cancel_rest())
        loop.close()


async def _cancel_rest() -> None:
    rest = asyncio.all_tasks() - {asyncio.current_task()}
    for task in rest:
        task.cancel()
    await asyncio.gather(*rest, return_exceptions=True)


async def _send_once(call: Call, tls: ssl.SSLContext | None, proxy: str) -> Response:
    async with Transport(limit=1, tls=tls, proxy=proxy) as transport:
        return await transport.send(call)
