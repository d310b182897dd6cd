"""What the providers share that reach persons by their user id at an Official Account (zalo-zns-oa.md 4.4 and 7)."""

from collections.abc import Collection, Mapping, Sequence
from typing import Protocol

from providers.contract import (
    Answer,
    Call,
    Capabilities,
    ContentKind,
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
from providers.kinds import AccountKind, OpenHours
from providers.zalo.account import OFFICIAL_ACCOUNT
from providers.zalo.events import read_events


class Sending(Protocol):
    """A module that writes sends and reads their answers."""

    def check(self, message: Outbound) -> ErrorRow | None: ...
    def pack(self, messages: Sequence[Outbound], credentials: Mapping[str, str], context: Context) -> list[Call]: ...
    def unpack(self, call: Call, response: Response) -> list[Outcome]: ...


class Asking(Protocol):
    """A module that writes questions and reads their answers."""

    @property
    def QUESTIONS(self) -> Collection[str]: ...
    def ask(self, question: Question, credentials: Mapping[str, str], context: Context) -> Call: ...
    def answer(self, question: Question, response: Response) -> Answer: ...


class ByUserId:
    """Implements `providers.contract.Provider` and `ChecksLimits` over two modules; holds no state of its own.

    Receipts name messages by Zalo's id, for no id of ours travels.
    """

    def __init__(
        self,
        kind: str,
        label: str,
        sending: Sending,
        questions: Asking,
        errors: Mapping[str, ErrorRow],
        *,
        contents: frozenset[ContentKind] = frozenset({ContentKind.TEMPLATE}),
        priced: bool = False,
        hours: tuple[OpenHours, ...] = (),
    ) -> None:
        self.kind: str = kind
        self.label: str = label
        self.account: AccountKind = OFFICIAL_ACCOUNT
        self.errors: Mapping[str, ErrorRow] = errors
        self.capabilities: Capabilities = Capabilities(
            recipients=frozenset({"oa_user_id"}),
            receipts=frozenset({EventKind.DELIVERED, EventKind.SEEN}),
            questions=frozenset(questions.QUESTIONS),
            batch_size=1,
            echoes=False,
            contents=contents,
            priced=priced,
            hours=hours,
        )
        self._sending, self._questions = sending, questions

    def check(self, message: Outbound) -> ErrorRow | None:
        """Return why `message` must not be sent, None if nothing speaks against it."""
        return self._sending.check(message)

    def pack(self, messages: Sequence[Outbound], credentials: Mapping[str, str], context: Context) -> list[Call]:
        """Return one call a message; those that `check` refuses are in none."""
        return self._sending.pack(messages, credentials, context)

    def unpack(self, call: Call, response: Response) -> list[Outcome]:
        """Return one outcome a leg. Never raises on a provider's bytes."""
        return self._sending.unpack(call, response)

    def ask(self, question: Question, credentials: Mapping[str, str], context: Context) -> Call:
        """Return the call that asks `question`. Raises KeyError for an unknown kind or a missing parameter."""
        return self._questions.ask(question, credentials, context)

    def answer(self, question: Question, response: Response) -> Answer:
        """Return what `response` says to `question`, in the shape that the README lists. Never raises."""
        return self._questions.answer(question, response)

    def read_events(self, hook: Hook, secrets: Mapping[str, str], context: Context) -> list[Event]:
        """Return the events in `hook`, verified with `secrets` (app_id, oa_secret_key). Raises BadSignature."""
        return read_events(hook, secrets, context)
