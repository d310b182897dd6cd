"""What counts as an answer, and that a request travels once and as it was packed."""

import asyncio
import gzip
import time

import pytest

from providers.contract import Call, NoAnswer, Reply, Response
from providers.transport import MAX_BODY, Transport
from tests.providers.transport.calling import against, once, twice
from tests.providers.wire import OK, Server, answer, answer_and_close, hang, reset

pytestmark = pytest.mark.usefixtures("every_loop")


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


def test_a_cookie_is_not_sent_back() -> None:
    cookie = b"HTTP/1.1 200 OK\r\nSet-Cookie: a=b\r\nContent-Length: 0\r\n\r\n"
    _, server = against(answer(cookie), act=lambda transport, server: twice(transport, server, "POST"))
    assert b"cookie" not in server.requests[1].lower()


def test_a_proxy_of_the_environment_is_not_used(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:1")
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:1")
    assert isinstance(once(answer(OK))[0], Reply)


def test_an_answer_that_changes_the_protocol_is_no_answer() -> None:
    switch = b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\nConnection: upgrade\r\n\r\nabc"
    assert once(answer(switch))[0] == NoAnswer(reason="no valid HTTP answer")


def test_an_empty_body_needs_no_unpacking() -> None:
    reply, _ = once(answer(b"HTTP/1.1 400 Bad\r\nContent-Encoding: gzip\r\nContent-Length: 0\r\n\r\n"))
    assert isinstance(reply, Reply)
    assert (reply.status, reply.body) == (400, b"")


def test_no_reason_quotes_the_address_or_the_body() -> None:
    async def act(transport: Transport, server: Server) -> Response:
        return await transport.send(server.call(path="/84987654321?token=s3cret", body=b"s3cret"))

    for script in (answer_and_close(b"s3cret 84987654321\r\n\r\n"), reset()):
        response, _ = against(script, act=act)
        assert isinstance(response, NoAnswer)
        assert "s3cret" not in response.reason
        assert "84987654321" not in response.reason
