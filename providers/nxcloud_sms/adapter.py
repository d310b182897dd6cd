"""Texts (SMS) through NXCloud: the channel that reaches those whom Zalo does not."""

from collections.abc import Mapping, Sequence
from typing import Final

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
    Records,
    Response,
)
from providers.hours import ADVERTISING_TEXTS
from providers.kinds import AccountKind
from providers.kinds import to_translate as _
from providers.nxcloud.account import ACCOUNT
from providers.nxcloud_sms import events, questions, sending
from providers.nxcloud_sms.errors import ERRORS


class NxcloudSmsProvider:
    """Implements `Provider` and `ChecksLimits` of `providers.contract`; holds no state."""

    kind: str = "nxcloud_sms"
    label: str = _("SMS through NXCloud")
    account: AccountKind = ACCOUNT
    capabilities: Capabilities = Capabilities(
        recipients=frozenset({"phone"}),
        receipts=frozenset({EventKind.DELIVERED, EventKind.FAILED}),
        questions=questions.QUESTIONS,
        batch_size=1,
        contents=frozenset({ContentKind.TEMPLATE, ContentKind.TEXT}),
        sms=True,
        records=Records.BY_DAY,
        hours=(ADVERTISING_TEXTS,),
    )
    errors: Mapping[str, ErrorRow] = ERRORS

    def check(self, message: Outbound) -> ErrorRow | None:
        """Return why `message` must not be sent, None if nothing speaks against it."""
        return sending.check(message)

    def pack(self, messages: Sequence[Outbound], credentials: Mapping[str, str], context: Context) -> list[Call]:
        """Return one call for each message within the limits. Raises KeyError where the settings name no API."""
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
        """Return the event in `hook`, let in by `secrets` (hook_token, access_secret). Raises BadSignature."""
        return events.read_events(hook, secrets, context)


NXCLOUD_SMS: Final = NxcloudSmsProvider()
