"""Moves the bytes of calls over HTTP and says honestly whether they left.

Nothing here repeats a request or follows a redirect: a request repeated behind the caller's back is a second message
on somebody's phone. What is not certainly unsent counts as sent.
"""

import asyncio
import ssl
from concurrent.futures import ThreadPoolExecutor
from functools import lru_cache
from time import perf_counter
from types import TracebackType
from typing import Final, Self

import aiohttp
from yarl import URL

from providers.contract import Call, NoAnswer, NotSent, Reply, Response

CONNECT_SECONDS: Final = 3.0
# Below the five seconds after which common servers drop an idle connection: a request written into a connection that
# is just being closed has an unknown outcome, and a new handshake is cheaper than that.
IDLE_SECONDS: Final = 4.0
MAX_BODY: Final = 1 << 20
USER_AGENT: Final = "notification-gateway/1"

_NOT_SENT = (
    aiohttp.ClientConnectorError,
    aiohttp.ConnectionTimeoutError,
    aiohttp.InvalidURL,
    aiohttp.NonHttpUrlClientError,
)


class _Broken(Exception):
    """An open connection failed. Not an aiohttp error, so that aiohttp does not repeat the request by itself."""


class _TooLarge(Exception):
    """The answer's body is over MAX_BODY."""


async def _never_repeat(request: aiohttp.ClientRequest, handler: aiohttp.ClientHandlerType) -> aiohttp.ClientResponse:
    """Hide broken connections from aiohttp's own retry of idempotent methods."""
    try:
        return await handler(request)
    except _NOT_SENT:
        raise
    except (aiohttp.ClientOSError, aiohttp.ServerDisconnectedError) as error:
        raise _Broken(_reason(error)) from error


class Transport:
    """Pooled keep-alive connections of one event loop.

    To be made inside the running loop that uses it and closed there (`async with` or `close`). `limit` bounds the
    connections open at once; a call that gets none within the connect time is NotSent. `tls` replaces the default
    trust store. `proxy` is the URL of a plain HTTP forward proxy that every call takes, empty for none.
    """

    def __init__(self, limit: int = 512, tls: ssl.SSLContext | None = None, proxy: str = "") -> None:
        self._session = aiohttp.ClientSession(
            connector=aiohttp.TCPConnector(
                limit=limit, keepalive_timeout=IDLE_SECONDS, ttl_dns_cache=60, ssl=tls if tls is not None else True
            ),
            cookie_jar=aiohttp.DummyCookieJar(),
            headers={"User-Agent": USER_AGENT},
            trust_env=False,
            proxy=proxy or None,
            middlewares=(_never_repeat,),
        )

    async def send(self, call: Call) -> Response:
        """Send `call` once and return what came back; never raises except when cancelled.

        `call.timeout` (seconds) bounds the whole call, of which connecting gets at most three. A redirect is returned
        as the reply it is.
        """
        started = perf_counter()  # uvloop's own time stands still within a turn of the loop
        try:
            async with self._session.request(
                call.method,
                _url(call.url),
                headers=call.headers,
                data=call.body or None,
                timeout=_timeout(call.timeout),
                allow_redirects=False,
            ) as response:
                body = await _read(response)
        except _NOT_SENT as error:
            return NotSent(reason=_reason(error))
        except Exception as error:
            # Whatever is not known to have failed before the connection counts as sent.
            return NoAnswer(reason=_reason(error))
        return Reply(
            status=response.status,
            headers={name.lower(): value for name, value in response.headers.items()},
            body=body,
            elapsed=perf_counter() - started,
        )

    async def close(self) -> None:
        """Close all connections; calls still in flight end as NoAnswer."""
        await self._session.close()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.close()


def exchange(call: Call, tls: ssl.SSLContext | None = None, proxy: str = "") -> Response:
    """Send one call and wait for it, from any thread, also from one whose event loop is running (it is blocked).

    For callers without a loop of their own: the admin, token custody. Opens and closes its own connection; `tls` and
    `proxy` are those of `Transport`.
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


@lru_cache(maxsize=512)
def _url(url: str) -> URL:
    # Taken as encoded, so that the bytes which a provider packed (and perhaps signed) are those that travel.
    return URL(url, encoded=True)


@lru_cache(maxsize=128)
def _timeout(seconds: float) -> aiohttp.ClientTimeout:
    # The connect time stays below the whole, so that running out of time before a connection is told as just that.
    # aiohttp rounds longer times up to whole seconds unless the threshold is out of reach.
    return aiohttp.ClientTimeout(total=seconds, connect=min(CONNECT_SECONDS, 0.9 * seconds), ceil_threshold=1e9)


async def _read(response: aiohttp.ClientResponse) -> bytes:
    chunks = []
    size = 0
    async for chunk in response.content.iter_any():
        chunks.append(chunk)
        size += len(chunk)
        if size > MAX_BODY:
            response.close()
            raise _TooLarge(f"the answer is over {MAX_BODY} bytes")
    return chunks[0] if len(chunks) == 1 else b"".join(chunks)


def _reason(error: BaseException) -> str:
    # The class and the system's own word only: an exception's text may quote the URL or the bytes received.
    name = type(error).__name__
    if isinstance(error, _Broken | _TooLarge):
        return str(error)
    if isinstance(error, TimeoutError) and not isinstance(error, aiohttp.ConnectionTimeoutError):
        return "timed out"
    text = error.strerror if isinstance(error, OSError) else None
    return f"{name}: {text}" if text else name
