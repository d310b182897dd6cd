"""Asks providers what became of legs without a receipt, and settles the answers."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from typing import Any

import structlog

from messaging.dispatch.asked import Asked, settle_asked
from messaging.dispatch.deadlines import Question as Leg
from messaging.dispatch.sending import context
from providers.contract import Answer, Question
from providers.registry import provider
from providers.transport import Transport
from tenants.runtime import channel_runtime

AT_ONCE = 32
log = structlog.get_logger(__name__)


class Asker:
    """Asks over the dispatcher's transport; a question that fails ends the leg as if it had not been asked."""

    def __init__(self, transport: Transport, in_database: Callable[[Callable[[], Any]], Awaitable[Any]]) -> None:
        self._transport = transport
        self._in_database = in_database
        self._at_once = asyncio.Semaphore(AT_ONCE)
        self._running: set[asyncio.Task[None]] = set()

    def start(self, legs: Sequence[Leg]) -> None:
        """Ask about all `legs` beside the loop."""
        task = asyncio.create_task(self._ask_all(legs))
        self._running.add(task)
        task.add_done_callback(self._running.discard)

    async def _ask_all(self, legs: Sequence[Leg]) -> None:
        answers = await asyncio.gather(*(self._ask(leg) for leg in legs))
        try:
            await self._in_database(
                lambda: settle_asked([Asked(leg, found) for leg, found in zip(legs, answers, strict=True)])
            )
        except Exception as error:
            log.warning("ask.not_settled", error=type(error).__name__)

    async def _ask(self, leg: Leg) -> Answer:
        async with self._at_once:
            try:
                runtime = await self._in_database(lambda: channel_runtime(leg.channel_id, leg.test))
                wire = provider(runtime.kind)
                question = Question(kind="status", params=_params(leg))
                call = wire.ask(question, runtime.credentials, context(runtime))
                return wire.answer(question, await self._transport.send(call))
            except Exception as error:
                log.warning("ask.failed", channel=leg.channel_id, error=type(error).__name__)
                return Answer(ok=False, reason=type(error).__name__)


def _params(leg: Leg) -> dict[str, str]:
    params = {"message_id": leg.provider_message_id}
    if leg.late.sent_at is not None:
        params["sent_at"] = leg.late.sent_at.isoformat()
    return params
