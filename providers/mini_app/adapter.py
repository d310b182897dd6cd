"""Notifications of a Mini App by the shared Official Account "Zalo Mini App"."""

from collections.abc import Mapping, Sequence
from datetime import time
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
from providers.kinds import AccountKind, OpenHours
from providers.kinds import to_translate as _
from providers.mini_app import events, limits, questions, sending
from providers.mini_app.account import ACCOUNT
from providers.mini_app.errors import ERRORS

NOTIFICATIONS: Final = OpenHours(
    opens=time(6),
    closes=time(22),
    reason="PROVIDER_NIGHT",
    source="zalo-mini-app.md section 2, Eligibility, quota, hours: notifications from 06:00 to 22:00",
)


class MiniAppProvider:
    """Implements `Provider` and `ChecksLimits` of `providers.contract`; holds no state."""

    kind: str = "mini_app"
    label: str = _("Mini App notification")
    account: AccountKind = ACCOUNT
    capabilities: Capabilities = Capabilities(
        recipients=frozenset({"mini_app_user_id"}),
        receipts=frozenset({EventKind.WITHDRAWN, EventKind.VERSION_REVIEWED}),
        questions=questions.QUESTIONS,
        batch_size=1,
        hours=(NOTIFICATIONS,),
    )
    errors: Mapping[str, ErrorRow] = ERRORS

    def check(self, message: Outbound) -> ErrorRow | None:
        """Return why `message` must not be sent by its content or its user id."""
        return limits.check(message)

    def pack(self, messages: Sequence[Outbound], credentials: Mapping[str, str], context: Context) -> list[Call]:
        """Return one call for each message that `check` lets through; the others are in none."""
        return sending.pack(messages, credentials, context)

    def unpack(self, call: Call, response: Response) -> list[Outcome]:
        """Return one outcome a leg. Never raises on a provider's bytes."""
        return sending.unpack(call, response)

    def ask(self, question: Question, credentials: Mapping[str, str], context: Context) -> Call:
        """Return the call that asks `question`. Raises KeyError for an unknown kind or a missing parameter.

        Raises ValueError for a type of statistics or days that there are not.
        """
        return questions.ask(question, credentials, context)

    def answer(self, question: Question, response: Response) -> Answer:
        """Return what `response` says to `question`, in the shape that the README lists. Never raises."""
        return questions.answer(question, response)

    def read_events(self, hook: Hook, secrets: Mapping[str, str], context: Context) -> list[Event]:
        """Return the event in `hook`, signed by one of the keys in `secrets`. Raises BadSignature."""
        return events.read_events(hook, secrets, context)


MINI_APP: Final = MiniAppProvider()
