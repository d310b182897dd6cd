"""Zalo templates by phone number through the aggregator NXCloud."""

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
from providers.hours import ZALO_PROMOTIONS
from providers.kinds import AccountKind
from providers.kinds import to_translate as _
from providers.nxcloud import events, questions, sending
from providers.nxcloud.account import ACCOUNT
from providers.nxcloud.errors import ERRORS


class NxcloudProvider:
    """Implements `Provider` and `ChecksLimits` of `providers.contract`; holds no state."""

    kind: str = "nxcloud"
    label: str = _("Zalo through NXCloud")
    account: AccountKind = ACCOUNT
    capabilities: Capabilities = Capabilities(
        recipients=frozenset({"phone"}),
        receipts=frozenset({EventKind.SENT, EventKind.DELIVERED, EventKind.FAILED, EventKind.JOURNEY}),
        questions=questions.QUESTIONS,
        batch_size=1,
        hours=(ZALO_PROMOTIONS,),
    )
    errors: Mapping[str, ErrorRow] = ERRORS

    def check(self, message: Outbound, context: Context | None = None) -> ErrorRow | None:
        """Return why `message` must not be sent; with a context its address for receipts is checked too."""
        return sending.check(message, context.hook_url if context else "")

    def pack(self, messages: Sequence[Outbound], credentials: Mapping[str, str], context: Context) -> list[Call]:
        """Return one signed call for each message within the limits. Raises ValueError for too long a hook URL."""
        return sending.pack(messages, credentials, context)

    def unpack(self, call: Call, response: Response) -> list[Outcome]:
        """Return one outcome a leg. Never raises on a provider's bytes."""
        return sending.unpack(call, response)

    def ask(self, question: Question, credentials: Mapping[str, str], context: Context) -> Call:
        """Return the call that asks `question`. Raises KeyError for an unknown kind."""
        return questions.ask(question, credentials, context)

    def answer(self, question: Question, response: Response) -> Answer:
        """Return what `response` says to `question`, in the shape that the README lists. Never raises."""
        return questions.answer(question, response)

    def read_events(self, hook: Hook, secrets: Mapping[str, str], context: Context) -> list[Event]:
        """Return the event in `hook`, let in by `secrets` (hook_token, access_secret). Raises BadSignature."""
        return events.read_events(hook, secrets, context)


NXCLOUD: Final = NxcloudProvider()
