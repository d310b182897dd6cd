"""The direct Zalo channel by phone number: ZNS, since 2026 called ZBS Template Message."""

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
    NoAnswer,
    NotSent,
    Outbound,
    Outcome,
    Question,
    Response,
    Verdict,
)
from providers.hours import ZALO_PROMOTIONS
from providers.kinds import AccountKind
from providers.kinds import to_translate as _
from providers.zalo.account import OFFICIAL_ACCOUNT
from providers.zns import events, questions, sending
from providers.zns.errors import ERRORS


class ZnsProvider:
    """Implements `providers.contract.Provider`; holds no state."""

    kind: str = "zns"
    label: str = _("ZNS by phone number")
    account: AccountKind = OFFICIAL_ACCOUNT
    capabilities: Capabilities = Capabilities(
        recipients=frozenset({"phone"}),
        receipts=frozenset({EventKind.DELIVERED, EventKind.FEEDBACK, EventKind.BUTTON}),
        questions=frozenset(questions.QUESTIONS),
        batch_size=1,
        priced=True,
        hours=(ZALO_PROMOTIONS,),
    )
    errors: Mapping[str, ErrorRow] = ERRORS

    def pack(self, messages: Sequence[Outbound], credentials: Mapping[str, str], context: Context) -> list[Call]:
        """Return one call a message."""
        return sending.pack(messages, credentials, context)

    def unpack(self, call: Call, response: Response) -> list[Outcome]:
        """Return one outcome a leg. Never raises on a provider's bytes."""
        if isinstance(response, NotSent):
            return [Outcome(leg_id=leg, verdict=Verdict.NOT_SENT, text=response.reason) for leg in call.legs]
        if isinstance(response, NoAnswer):
            return [Outcome(leg_id=leg, verdict=Verdict.UNKNOWN, text=response.reason) for leg in call.legs]
        return sending.unpack(call, response)

    def ask(self, question: Question, credentials: Mapping[str, str], context: Context) -> Call:
        """Return the call that asks `question`. Raises KeyError for an unknown kind or a missing parameter."""
        return questions.ask(question, credentials, context)

    def answer(self, question: Question, response: Response) -> Answer:
        """Return what `response` says to `question`, in the shape that the README lists. Never raises."""
        return questions.answer(question, response)

    def read_events(self, hook: Hook, secrets: Mapping[str, str], context: Context) -> list[Event]:
        """Return the event in `hook`, verified with `secrets` (app_id, oa_secret_key). Raises BadSignature."""
        return events.read_events(hook, secrets, context)


ZNS: Final = ZnsProvider()
