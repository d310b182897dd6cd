"""A toy channel: one JSON call a message, a key in a header, a report by the address that each call brings along."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

import msgspec

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
    Reply,
    Response,
    Verdict,
)
from providers.kinds import AccountKind, Setting

from . import events
from .errors import ERRORS

HOST: Final = "api.toy.example"
ACCOUNT: Final = AccountKind(name="toy", label="Toy", settings=(Setting("key", "Toy key", "", True, True),))


class ToyProvider:
    """Implements `providers.contract.Provider`; holds no state."""

    kind: str = "toy"
    label: str = "Toy"
    account: AccountKind = ACCOUNT
    capabilities: Capabilities = Capabilities(
        recipients=frozenset({"phone"}),
        receipts=frozenset({EventKind.DELIVERED, EventKind.FAILED}),
        questions=frozenset({"connection"}),
    )
    errors: Mapping[str, ErrorRow] = ERRORS

    def pack(self, messages: Sequence[Outbound], credentials: Mapping[str, str], context: Context) -> list[Call]:
        """Return one call a message."""
        return [
            Call(
                method="POST",
                url=context.url(HOST, "/messages"),
                headers=_headers(credentials),
                body=msgspec.json.encode(
                    {
                        "id": message.leg_id,
                        "to": message.phone,
                        "toy": message.template,
                        "says": dict(message.values),
                        "report": context.hook_url,
                    }
                ),
                legs=(message.leg_id,),
                timeout=context.timeout,
            )
            for message in messages
        ]

    def unpack(self, call: Call, response: Response) -> list[Outcome]:
        """Return one outcome a leg; the toy's own words are left out, so that nothing personal is in them."""
        return [_outcome(leg, response) for leg in call.legs]

    def ask(self, question: Question, credentials: Mapping[str, str], context: Context) -> Call:
        """Return the call that asks whether the key is right. Raises KeyError for another question."""
        if question.kind not in self.capabilities.questions:
            raise KeyError(question.kind)
        url = context.url(HOST, "/me")
        return Call(method="GET", url=url, headers=_headers(credentials), timeout=context.timeout)

    def answer(self, question: Question, response: Response) -> Answer:
        """Return whether the key is right; `reason` begins with the setting that fails."""
        if not isinstance(response, Reply):
            return Answer(ok=False, reason=response.reason)
        if response.status == 200:
            return Answer(ok=True)
        return Answer(ok=False, error=ERRORS["bad_key"], reason=f"key: {ERRORS['bad_key'].meaning}")

    def read_events(self, hook: Hook, secrets: Mapping[str, str], context: Context) -> list[Event]:
        """Return the event in a report. Raises BadSignature."""
        return events.read_events(hook, secrets, context)


def _headers(credentials: Mapping[str, str]) -> tuple[tuple[str, str], ...]:
    return (("Content-Type", "application/json"), ("X-Toy-Key", credentials["key"]))


def _outcome(leg_id: str, response: Response) -> Outcome:
    if isinstance(response, NotSent):
        return Outcome(leg_id=leg_id, verdict=Verdict.NOT_SENT, text=response.reason)
    if isinstance(response, NoAnswer):
        return Outcome(leg_id=leg_id, verdict=Verdict.UNKNOWN, text=response.reason)
    told = _json(response.body)
    if response.status == 200 and "toyId" in told:
        return Outcome(leg_id=leg_id, verdict=Verdict.ACCEPTED, provider_message_id=str(told["toyId"]), http_status=200)
    if "error" not in told:
        return Outcome(leg_id=leg_id, verdict=Verdict.UNKNOWN, text="not the toy's answer", http_status=response.status)
    row = ERRORS.get(str(told["error"]), ERRORS["unlisted"])
    return Outcome(leg_id=leg_id, verdict=Verdict.REFUSED, error=row, text=row.meaning, http_status=response.status)


def _json(body: bytes) -> dict[str, Any]:
    try:
        return msgspec.json.decode(body, type=dict[str, Any])
    except msgspec.DecodeError:
        return {}


TOY: Final = ToyProvider()
