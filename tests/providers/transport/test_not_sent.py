"""What is told as not sent was never written."""

import asyncio
import socket
import threading
import time

import pytest

from providers.contract import Call, NotSent, Reply, Response
from providers.transport import Transport, exchange
from tests.providers.transport.calling import against
from tests.providers.wire import OK, Server, answer, serving

pytestmark = pytest.mark.usefixtures("every_loop")


@pytest.mark.parametrize("value", ["a\r\nX-Evil: 1", "a\nX-Evil: 1", "a\rb", "a\0b"])
def test_a_header_that_would_break_out_of_its_line_was_not_sent(value: str) -> None:
    async def act(transport: Transport, server: Server) -> Response:
        call = Call(method="POST", url=server.origin + "/x", headers=(("access_token", value),), body=b"x")
        return await transport.send(call)

    response, server = against(answer(OK), act=act)
    assert response == NotSent(reason="a header holds a line break")
    assert server.connections == 0


def free_port() -> int:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        port: int = taken.getsockname()[1]
        return port


def test_a_refused_connection_was_not_sent() -> None:
    response = exchange(Call(method="POST", url=f"http://127.0.0.1:{free_port()}/", body=b"x"))
    assert response == NotSent(reason="ConnectionRefusedError: Connection refused")


def test_a_name_that_does_not_exist_was_not_sent() -> None:
    assert isinstance(exchange(Call(method="POST", url="http://nobody.invalid/", body=b"x", timeout=5)), NotSent)


def test_a_name_look_up_that_hangs_does_not_outlive_the_calls_time(monkeypatch: pytest.MonkeyPatch) -> None:
    release = threading.Event()

    def never(*_: object, **__: object) -> list[object]:
        release.wait(20)
        raise socket.gaierror

    monkeypatch.setattr(socket, "getaddrinfo", never)
    started = time.monotonic()
    try:
        response = exchange(Call(method="POST", url="http://slow.invalid/", body=b"x", timeout=0.4))
    finally:
        release.set()
    assert isinstance(response, NotSent)
    assert time.monotonic() - started < 5


@pytest.mark.parametrize(
    "url", ["http:///x", "ftp://127.0.0.1/", "not a url", "http://127.0.0.1:x/", "http://127.0.0.1/a b", "http://u@h/"]
)
def test_an_address_that_cannot_be_called_was_not_sent(url: str) -> None:
    assert isinstance(exchange(Call(method="GET", url=url)), NotSent)


def test_a_handshake_that_never_ends_was_not_sent() -> None:
    async def run() -> Response:
        async def connection(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            await reader.read()
            writer.close()

        listener = await asyncio.start_server(connection, "127.0.0.1", 0)
        async with Transport() as transport:
            port = listener.sockets[0].getsockname()[1]
            call = Call(method="POST", url=f"https://127.0.0.1:{port}/", body=b"x", timeout=0.5)
            response = await transport.send(call)
        listener.close()
        return response

    assert isinstance(asyncio.run(run()), NotSent)


def test_exchange_works_in_any_thread_also_beside_a_running_loop() -> None:
    async def run() -> tuple[Response, Response]:
        async with serving(answer(OK)) as server:
            outcome: list[Response] = []
            thread = threading.Thread(target=lambda: outcome.append(exchange(server.call())))
            thread.start()
            in_thread_pool = await asyncio.to_thread(exchange, server.call())
            await asyncio.to_thread(thread.join, 5)
            return in_thread_pool, outcome[0]

    async def refused() -> Response:
        return exchange(Call(method="GET", url=f"http://127.0.0.1:{free_port()}/"))

    first, second = asyncio.run(run())
    assert isinstance(first, Reply)
    assert isinstance(second, Reply)
    assert isinstance(asyncio.run(refused()), NotSent)
