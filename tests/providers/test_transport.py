"""The transport against real sockets: what it says about requests that failed, and that it never repeats one."""

import asyncio
import gzip
import socket
import threading
import time
from collections.abc import Awaitable, Callable

import pytest

from providers.contract import Call, NoAnswer, NotSent, Reply, Response
from providers.transport import MAX_BODY, Transport, exchange
from tests.providers.wire import OK, Script, Server, answer, answer_and_close, hang, reset, serving

pytestmark = pytest.mark.usefixtures("every_loop")


def against(*scripts: Script, act: Callable[[Transport, Server], Awaitable[Response]]) -> tuple[Response, Server]:
    """Run `act` with a transport and a scripted server; return its response and the server."""

    async def run() -> tuple[Response, Server]:
        async with serving(*scripts) as server, Transport() as transport:
            return await act(transport, server), server

    return asyncio.run(run())


def once(*scripts: Script, method: str = "POST", timeout: float = 5.0) -> tuple[Response, Server]:
    return against(*scripts, act=lambda transport, server: transport.send(server.call(method, timeout=timeout)))


async def twice(transport: Transport, server: Server, method: str) -> Response:
    first = await transport.send(server.call(method, body=b"" if method == "GET" else b"hello"))
    assert isinstance(first, Reply)
    return await transport.send(server.call(method, body=b"" if method == "GET" else b"hello"))


def test_a_reply_carries_status_lower_case_headers_body_and_time() -> None:
    reply, _ = once(answer(b"HTTP/1.1 418 No\r\nX-Thing: A\r\nContent-Length: 3\r\n\r\nabc"))
    assert isinstance(reply, Reply)
    assert (reply.status, reply.headers["x-thing"], reply.body) == (418, "A", b"abc")
    assert 0 < reply.elapsed < 5


def test_the_request_travels_exactly_as_packed() -> None:
    async def act(transport: Transport, server: Server) -> Response:
        call = Call(
            method="POST",
            url=server.origin + "/a%2Fb?q=%7B%22x%22%3A1%7D",
            headers=(("access_token", "t"), ("Content-Type", "application/json")),
            body='{"tên":"Hoàng"}'.encode(),
        )
        return await transport.send(call)

    _, server = against(answer(OK), act=act)
    head, _, body = server.requests[0].partition(b"\r\n\r\n")
    assert head.startswith(b"POST /a%2Fb?q=%7B%22x%22%3A1%7D HTTP/1.1\r\n")
    assert b"\r\naccess_token: t\r\n" in head + b"\r\n"
    assert b"\r\nContent-Type: application/json\r\n" in head + b"\r\n"
    assert body == '{"tên":"Hoàng"}'.encode()


def test_calls_share_one_kept_alive_connection() -> None:
    _, server = against(answer(OK), act=lambda transport, server: twice(transport, server, "POST"))
    assert (len(server.requests), server.connections) == (2, 1)


@pytest.mark.parametrize("method", ["POST", "GET", "PUT", "DELETE"])
@pytest.mark.parametrize("end", [answer_and_close(), reset()], ids=["closed", "reset"])
def test_a_kept_alive_connection_that_dies_after_reading_gets_the_request_once(method: str, end: Script) -> None:
    response, server = against(answer(OK), end, act=lambda transport, server: twice(transport, server, method))
    assert isinstance(response, NoAnswer)
    assert (len(server.requests), server.connections) == (2, 1)


@pytest.mark.parametrize("method", ["POST", "GET"])
def test_a_fresh_connection_that_dies_after_reading_gets_the_request_once(method: str) -> None:
    response, server = once(answer_and_close(), method=method)
    assert isinstance(response, NoAnswer)
    assert len(server.requests) == 1


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_a_redirect_is_returned_and_not_followed(status: int) -> None:
    redirect = b"HTTP/1.1 %d Go\r\nLocation: /elsewhere\r\nContent-Length: 0\r\n\r\n" % status
    reply, server = once(answer(redirect))
    assert isinstance(reply, Reply)
    assert (reply.status, len(server.requests)) == (status, 1)


BROKEN = {
    "garbage": b"\x00\xff\x16\x03 not http at all\r\n\r\n",
    "bad chunk size": b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\nhello\r\n0\r\n\r\n",
    "cut chunked body": b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhel",
    "cut body": b'HTTP/1.1 200 OK\r\nContent-Length: 50\r\n\r\n{"error":0',
    "cut headers": b"HTTP/1.1 200 OK\r\nContent-Le",
    "broken gzip": b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 5\r\n\r\nhello",
}


@pytest.mark.parametrize("data", BROKEN.values(), ids=BROKEN.keys())
@pytest.mark.parametrize("method", ["POST", "GET"])
def test_an_answer_that_is_no_whole_http_answer_is_no_answer(data: bytes, method: str) -> None:
    response, server = once(answer_and_close(data), method=method)
    assert isinstance(response, NoAnswer)
    assert len(server.requests) == 1


def test_a_reset_within_the_body_is_no_answer() -> None:
    response, server = once(reset(b"HTTP/1.1 200 OK\r\nContent-Length: 50\r\n\r\nhalf"))
    assert isinstance(response, NoAnswer)
    assert len(server.requests) == 1


def test_a_silent_server_is_no_answer_at_the_calls_time() -> None:
    started = time.monotonic()
    response, server = once(hang, timeout=0.3)
    assert response == NoAnswer(reason="timed out")
    assert 0.25 < time.monotonic() - started < 2
    assert len(server.requests) == 1


def test_the_calls_time_bounds_a_body_that_drips() -> None:
    async def drip(_: bytes, __: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 500\r\n\r\n")
        while True:
            writer.write(b".")
            await writer.drain()
            await asyncio.sleep(0.05)

    started = time.monotonic()
    response, _ = once(drip, timeout=0.4)
    assert response == NoAnswer(reason="timed out")
    assert time.monotonic() - started < 2


def test_a_body_over_the_limit_is_no_answer() -> None:
    size = MAX_BODY + 1
    head = b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n" % size
    response, _ = once(answer(head + b"x" * size))
    assert response == NoAnswer(reason=f"the answer is over {MAX_BODY} bytes")


def test_a_body_at_the_limit_is_read() -> None:
    head = b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n" % MAX_BODY
    reply, _ = once(answer(head + b"x" * MAX_BODY))
    assert isinstance(reply, Reply)
    assert len(reply.body) == MAX_BODY


def test_the_limit_counts_the_decompressed_body() -> None:
    packed = gzip.compress(b"\0" * (MAX_BODY * 20))
    head = b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: %d\r\n\r\n" % len(packed)
    response, _ = once(answer(head + packed))
    assert response == NoAnswer(reason=f"the answer is over {MAX_BODY} bytes")


def test_a_body_that_ends_with_the_connection_is_whole() -> None:
    reply, _ = once(answer_and_close(b"HTTP/1.1 200 OK\r\nX-A: 1\r\n\r\nall of it"))
    assert isinstance(reply, Reply)
    assert reply.body == b"all of it"


def test_a_compressed_body_is_read() -> None:
    packed = gzip.compress(b'{"error":0}')
    head = b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: %d\r\n\r\n" % len(packed)
    reply, _ = once(answer(head + packed))
    assert isinstance(reply, Reply)
    assert reply.body == b'{"error":0}'


def test_an_answer_that_only_announces_another_is_passed_over() -> None:
    reply, server = once(answer(b"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early\r\nX-A: early\r\n\r\n" + OK))
    assert isinstance(reply, Reply)
    assert (reply.status, reply.body, "x-a" in reply.headers, len(server.requests)) == (200, b"ok", False, 1)


@pytest.mark.parametrize("more", [OK, b"\r\nHTTP/1.1 500 No\r\n", b"garbage"], ids=["whole", "part", "garbage"])
def test_what_comes_after_the_answer_answers_no_other_call(more: bytes) -> None:
    script = answer(b"HTTP/1.1 201 OK\r\nContent-Length: 0\r\n\r\n" + more)
    reply, server = against(script, answer(OK), act=lambda transport, server: twice(transport, server, "POST"))
    assert isinstance(reply, Reply)
    assert (reply.status, len(server.requests), server.connections) == (200, 2, 2)


def test_what_a_server_says_unasked_ends_the_connection() -> None:
    said = asyncio.Event()

    async def late(_: bytes, __: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(OK)
        await writer.drain()
        await said.wait()
        writer.write(OK.replace(b"ok", b"no"))

    async def act(transport: Transport, server: Server) -> Response:
        first = await transport.send(server.call())
        assert isinstance(first, Reply)
        said.set()
        for _ in range(200):
            await asyncio.sleep(0.01)
            if server.ended:
                break
        return await transport.send(server.call())

    reply, server = against(late, answer(OK), act=act)
    assert isinstance(reply, Reply)
    assert (reply.body, server.connections) == (b"ok", 2)


@pytest.mark.parametrize("value", ["a\r\nX-Evil: 1", "a\nX-Evil: 1", "a\rb", "a\0b"])
def test_a_header_that_would_break_out_of_its_line_was_not_sent(value: str) -> None:
    async def act(transport: Transport, server: Server) -> Response:
        call = Call(method="POST", url=server.origin + "/x", headers=(("access_token", value),), body=b"x")
        return await transport.send(call)

    response, server = against(answer(OK), act=act)
    assert response == NotSent(reason="a header holds a line break")
    assert server.connections == 0


def test_a_cookie_is_not_sent_back() -> None:
    cookie = b"HTTP/1.1 200 OK\r\nSet-Cookie: a=b\r\nContent-Length: 0\r\n\r\n"
    _, server = against(answer(cookie), act=lambda transport, server: twice(transport, server, "POST"))
    assert b"cookie" not in server.requests[1].lower()


def test_a_proxy_of_the_environment_is_not_used(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:1")
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:1")
    assert isinstance(once(answer(OK))[0], Reply)


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


def test_a_call_that_gets_no_connection_of_the_pool_was_not_sent() -> None:
    async def run() -> tuple[Response, Response, int]:
        async with serving(hang) as server, Transport(limit=1) as transport:
            first = asyncio.create_task(transport.send(server.call(timeout=1.5)))
            await asyncio.wait_for(server.seen.wait(), 5)
            second = await transport.send(server.call(timeout=0.4))
            return await first, second, len(server.requests)

    first, second, seen = asyncio.run(run())
    assert isinstance(first, NoAnswer)
    assert isinstance(second, NotSent)
    assert seen == 1


def test_connections_that_are_being_made_count_towards_the_limit() -> None:
    async def run() -> int:
        async with serving(answer(OK)) as one, serving(hang) as other, Transport(limit=2) as transport:
            await asyncio.gather(transport.send(one.call()), transport.send(one.call()))
            assert (one.connections, one.ended) == (2, 0)
            calls = [asyncio.create_task(transport.send(other.call())) for _ in range(2)]
            for _ in range(200):
                await asyncio.sleep(0.01)
                if len(other.requests) == 2 and one.ended:
                    break
            ended = one.ended
            await transport.close()
            await asyncio.gather(*calls)
            return ended

    assert asyncio.run(run()) == 2


def test_closing_breaks_an_answer_that_would_end_with_the_connection() -> None:
    wrote = asyncio.Event()

    async def half(_: bytes, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"HTTP/1.1 200 OK\r\n\r\nhalf of")
        await writer.drain()
        wrote.set()
        await reader.read()

    async def run() -> Response:
        async with serving(half) as server, serving(answer(OK)) as other, Transport() as transport:
            call = asyncio.create_task(transport.send(server.call()))
            await asyncio.wait_for(wrote.wait(), 5)
            await transport.send(other.call())  # by then the loop has read what was written before
            await transport.close()
            return await call

    assert asyncio.run(run()) == NoAnswer(reason="the connection was closed")


def test_an_answer_that_changes_the_protocol_is_no_answer() -> None:
    switch = b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\nConnection: upgrade\r\n\r\nabc"
    assert once(answer(switch))[0] == NoAnswer(reason="no valid HTTP answer")


def test_an_empty_body_needs_no_unpacking() -> None:
    reply, _ = once(answer(b"HTTP/1.1 400 Bad\r\nContent-Encoding: gzip\r\nContent-Length: 0\r\n\r\n"))
    assert isinstance(reply, Reply)
    assert (reply.status, reply.body) == (400, b"")


def test_a_full_pool_closes_the_idle_connection_of_another_address() -> None:
    async def run() -> tuple[Response, Response, Response, int]:
        async with serving(answer(OK)) as one, serving(answer(OK)) as other, Transport(limit=1) as transport:
            first = await transport.send(one.call())
            second = await transport.send(other.call())
            return first, second, await transport.send(one.call()), one.connections

    *replies, connections = asyncio.run(run())
    assert [reply.body for reply in replies if isinstance(reply, Reply)] == [b"ok", b"ok", b"ok"]
    assert connections == 2


def test_cancelling_a_call_is_not_swallowed() -> None:
    async def run() -> None:
        async with serving(hang) as server, Transport() as transport:
            task = asyncio.create_task(transport.send(server.call()))
            await asyncio.wait_for(server.seen.wait(), 5)
            task.cancel()
            await task

    with pytest.raises(asyncio.CancelledError):
        asyncio.run(run())


def test_many_calls_are_in_flight_at_once() -> None:
    async def run() -> list[Response]:
        gate = asyncio.Event()
        seen = 0

        async def wait_for_all(_: bytes, __: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            nonlocal seen
            seen += 1
            if seen == 50:
                gate.set()
            await gate.wait()
            writer.write(OK)

        async with serving(wait_for_all) as server, Transport() as transport:
            return list(await asyncio.gather(*(transport.send(server.call()) for _ in range(50))))

    assert all(isinstance(response, Reply) for response in asyncio.run(run()))


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


def test_no_reason_quotes_the_address_or_the_body() -> None:
    async def act(transport: Transport, server: Server) -> Response:
        return await transport.send(server.call(path="/84987654321?token=s3cret", body=b"s3cret"))

    for script in (answer_and_close(b"s3cret 84987654321\r\n\r\n"), reset()):
        response, _ = against(script, act=act)
        assert isinstance(response, NoAnswer)
        assert "s3cret" not in response.reason
        assert "84987654321" not in response.reason
