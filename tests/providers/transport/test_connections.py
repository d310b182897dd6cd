"""Connections: shared, bounded, and never a reason to write a request twice."""

import asyncio

import pytest

from providers.contract import NoAnswer, NotSent, Reply, Response
from providers.transport import Transport
from tests.providers.transport.calling import against, once, twice
from tests.providers.wire import OK, Script, Server, answer, answer_and_close, hang, reset, serving

pytestmark = pytest.mark.usefixtures("every_loop")


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
