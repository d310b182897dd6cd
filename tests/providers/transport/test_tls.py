"""TLS: what fails before the handshake ends was not sent, what fails after it has an unknown outcome."""

import asyncio
import ssl

import pytest

from providers.contract import Call, NoAnswer, NotSent, Reply, Response
from providers.transport import Transport
from tests.providers.certificates import own_authority
from tests.providers.wire import OK, Script, Server, answer, answer_and_close, reset, serving

pytestmark = pytest.mark.usefixtures("every_loop")

Contexts = tuple[ssl.SSLContext, ssl.SSLContext]


@pytest.fixture(scope="module")
def contexts(tmp_path_factory: pytest.TempPathFactory) -> Contexts:
    return own_authority(tmp_path_factory.mktemp("tls"))


def once(script: Script, server_tls: ssl.SSLContext, client_tls: ssl.SSLContext | None) -> tuple[Response, Server]:
    async def run() -> tuple[Response, Server]:
        async with serving(script, tls=server_tls) as server, Transport(tls=client_tls) as transport:
            return await transport.send(server.call()), server

    return asyncio.run(run())


def test_a_trusted_server_answers(contexts: Contexts) -> None:
    reply, server = once(answer(OK), *contexts)
    assert isinstance(reply, Reply)
    assert (reply.body, len(server.requests)) == (b"ok", 1)


def test_a_server_that_nobody_vouches_for_was_not_sent_to(contexts: Contexts) -> None:
    response, server = once(answer(OK), contexts[0], None)
    assert isinstance(response, NotSent)
    assert server.requests == []


def test_a_certificate_for_another_host_was_not_sent_to(contexts: Contexts) -> None:
    async def run() -> tuple[Response, Server]:
        async with serving(answer(OK), tls=contexts[0]) as server, Transport(tls=contexts[1]) as transport:
            url = server.origin.replace("127.0.0.1", "localhost")
            return await transport.send(Call(method="POST", url=url, body=b"x")), server

    response, server = asyncio.run(run())
    assert isinstance(response, NotSent)
    assert server.requests == []


@pytest.mark.parametrize("end", [answer_and_close(), reset()], ids=["closed", "reset"])
def test_a_server_that_reads_and_goes_may_have_acted(contexts: Contexts, end: Script) -> None:
    response, server = once(end, *contexts)
    assert isinstance(response, NoAnswer)
    assert len(server.requests) == 1


def test_a_server_that_speaks_no_tls_was_not_sent_to() -> None:
    async def run() -> Response:
        async with serving(answer(OK)) as server, Transport() as transport:
            url = server.origin.replace("http:", "https:")
            return await transport.send(Call(method="POST", url=url, body=b"x", timeout=1.0))

    assert isinstance(asyncio.run(run()), NotSent)
