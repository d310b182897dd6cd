"""Consultation messages of a Zalo Official Account to people who wrote to it or follow it."""

from collections.abc import Mapping, Sequence
from typing import Final

from providers.contract import (
    Answer,
    Call,
    Capabilities,
    Context,
    ErrorRow,
    Event,
    EventKind,
    Hook,
    Outbound,
    Outcome,
    Question,
    Response,
)
from providers.oa import events, questions, sending
from providers.oa.errors import ERRORS


class OfficialAccountProvider:
    """Implements `providers.contract.Provider` and `ChecksLimits`; holds no state."""

    kind: str = "oa"
    capabilities: Capabilities = Capabilities(
        recipients=frozenset({"oa_user_id"}),
        receipts=frozenset({EventKind.DELIVERED, EventKind.SEEN}),
        questions=frozenset(questions.QUESTIONS),
        batch_size=1,
        echoes=False,
    )
    errors: Mapping[str, ErrorRow] = ERRORS

    def check(self, message: Outbound) -> ErrorRow | None:
        """Return why `message` must not be sent, None if nothing speaks against it."""
        return sending.check(message)

    def pack(self, messages: Sequence[Outbound], credentials: Mapping[str, str], context: Context) -> list[Call]:
        """Return one call a message; those that `check` refuses are in none."""
        return sending.pack(messages, credentials, context)

    def unpack(self, call: Call, response: Response) -> list[Outcome]:
        """Return one outcome a leg. Never raises on a provider's bytes."""
        return sending.unpack(call, response)

    def ask(self, question: Question, credentials: Mapping[str, str], context: Context) -> Call:
        """Return the call that asks `question`. Raises KeyError for an unknown kind or a missing parameter."""
        return questions.ask(question, credentials, context)

    def answer(self, question: Question, response: Response) -> Answer:
        """Return what `response` says to `question`, in the shape that the README lists. Never raises."""
        return questions.answer(question, response)

    def read_events(self, hook: Hook, secrets: Mapping[str, str], context: Context) -> list[Event]:
        """Return the events in `hook`, verified with `secrets` (app_id, oa_secret_key). Raises BadSignature."""
        return events.read_events(hook, secrets, context)


OA: Final = OfficialAccountProvider()
