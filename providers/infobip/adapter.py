"""Zalo template messages through Infobip."""

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
    Records,
    Response,
)
from providers.hours import ZALO_PROMOTIONS
from providers.infobip import events, parts, questions, replies, sending
from providers.infobip.account import ACCOUNT
from providers.infobip.errors import ERRORS
from providers.kinds import AccountKind
from providers.kinds import to_translate as _


class InfobipProvider:
    """Implements `providers.contract.Provider`; holds no state."""

    kind: str = "infobip"
    label: str = _("Zalo through Infobip")
    account: AccountKind = ACCOUNT
    capabilities: Capabilities = Capabilities(
        recipients=frozenset({"phone", "oa_user_id"}),
        receipts=frozenset({EventKind.SENT, EventKind.DELIVERED, EventKind.FAILED}),
        questions=frozenset(questions.QUESTIONS),
        batch_size=parts.BATCH,
        records=Records.BY_IDS,
        hours=(ZALO_PROMOTIONS,),
    )
    errors: Mapping[str, ErrorRow] = ERRORS

    def check(self, message: Outbound, credentials: Mapping[str, str] | None = None) -> ErrorRow | None:
        """Return why `message` must not be sent, None if nothing speaks against it.

        Whether its values can be encrypted is looked at only where `credentials` are given.
        """
        return sending.check(message, credentials or {})

    def pack(self, messages: Sequence[Outbound], credentials: Mapping[str, str], context: Context) -> list[Call]:
        """Return calls of up to a hundred messages; those that `check` refuses are in none."""
        return sending.pack(messages, credentials, context)

    def unpack(self, call: Call, response: Response) -> list[Outcome]:
        """Return one outcome a leg. Never raises on a provider's bytes."""
        return replies.outcomes(call, response)

    def ask(self, question: Question, credentials: Mapping[str, str], context: Context) -> Call:
        """Return the call that asks `question`. Raises KeyError for an unknown kind or a missing parameter."""
        return questions.ask(question, credentials, context)

    def answer(self, question: Question, response: Response) -> Answer:
        """Return what `response` says to `question`, in the shape that the README lists. Never raises."""
        return questions.answer(question, response)

    def read_events(self, hook: Hook, secrets: Mapping[str, str], context: Context) -> list[Event]:
        """Return the events in `hook`, checked with `secrets` (hook_token). Raises BadSignature."""
        return events.read_events(hook, secrets, context)


INFOBIP: Final = InfobipProvider()
