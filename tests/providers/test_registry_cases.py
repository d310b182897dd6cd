"""Holds every registered provider to its contract cases: messages and their bytes, replies and their outcomes, masked
words, a sandbox that serves its calls.

A provider's `tests/providers/<kind>/cases.py` has CONTEXT, CREDENTIALS and CALL (or ONE, where CALL has many legs), the
tables PACKED and ANSWERED, what CALL tells of its person (PERSONAL) and a `refusal` in any words.
"""

from importlib import import_module
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from msgspec.structs import replace

from providers.contract import BadSignature, Call, Context, Hook, NoAnswer, NotSent, Outbound, Verdict
from providers.registry import PROVIDERS, provider
from providers.sandbox.hosts import hosts, real_name
from providers.sandbox.state import Sandbox

KINDS = sorted(PROVIDERS)
CASES: dict[str, Any] = {kind: import_module(f"tests.providers.{kind}.cases") for kind in KINDS}
PACKED = {f"{kind}: {name}": (kind, case) for kind in KINDS for name, case in CASES[kind].PACKED.items()}
ANSWERED = {f"{kind}: {name}": (kind, *case) for kind in KINDS for name, case in CASES[kind].ANSWERED.items()}
TOKEN = "k" * 40


def call_of(kind: str) -> Call:
    """Return the call with one leg that a kind's replies answer."""
    call: Call = getattr(CASES[kind], "ONE", CASES[kind].CALL)
    return call


@pytest.mark.parametrize("kind", KINDS)
def test_the_cases_cover_every_verdict(kind: str) -> None:
    assert CASES[kind].PACKED
    assert {outcome.verdict for _, outcome in CASES[kind].ANSWERED.values()} == set(Verdict)


@pytest.mark.parametrize(("kind", "case"), PACKED.values(), ids=PACKED)
def test_a_message_becomes_its_bytes(kind: str, case: tuple[Any, ...]) -> None:
    message, body, cases = case[0], case[-1], CASES[kind]
    changed = [part for part in case[1:-1] if isinstance(part, dict)]
    assert isinstance(message, Outbound)
    assert body
    credentials = cases.CREDENTIALS | (changed[0] if changed else {})
    context = replace(cases.CONTEXT, **(changed[1] if changed[1:] else {}))
    (call,) = provider(kind).pack([message], credentials, context)
    assert (call.body.decode(), call.legs) == (body, (message.leg_id,))


@pytest.mark.parametrize(("kind", "response", "expected"), ANSWERED.values(), ids=ANSWERED)
def test_a_reply_becomes_its_outcome(kind: str, response: Any, expected: Any) -> None:
    call = call_of(kind)
    (outcome,) = provider(kind).unpack(call, response)
    assert (outcome.verdict, outcome.error, outcome.retry_after) == (
        expected.verdict, expected.error, expected.retry_after,
    )  # fmt: skip
    assert (outcome.leg_id,) == call.legs


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize(
    "response", [NotSent(reason="refused"), NoAnswer(reason="late")], ids=["not sent", "no answer"]
)
def test_every_leg_of_a_call_has_an_outcome_whatever_happened(kind: str, response: NotSent | NoAnswer) -> None:
    call: Call = CASES[kind].CALL
    verdict = Verdict.NOT_SENT if isinstance(response, NotSent) else Verdict.UNKNOWN
    assert [(outcome.leg_id, outcome.verdict) for outcome in provider(kind).unpack(call, response)] == [
        (leg, verdict) for leg in call.legs
    ]


@pytest.mark.parametrize("kind", KINDS)
def test_an_outcome_tells_nothing_personal_and_no_token(kind: str) -> None:
    call, personal = call_of(kind), CASES[kind].PERSONAL
    carried = call.body.decode() + repr(call.headers)
    assert [text for text in personal if text not in carried] == []

    (outcome,) = provider(kind).unpack(call, CASES[kind].refusal(f"{' or '.join(personal)} and {TOKEN} are wrong"))

    assert outcome.verdict is Verdict.REFUSED
    assert outcome.text
    assert [text for text in (*personal, TOKEN) if text in outcome.text] == []


@pytest.mark.parametrize("kind", KINDS)
def test_its_events_need_a_signature(kind: str) -> None:
    if not provider(kind).capabilities.receipts:
        return
    context: Context = CASES[kind].CONTEXT
    with pytest.raises(BadSignature):
        provider(kind).read_events(Hook(method="POST", path="/", headers={}, body=b"{}"), {}, context)


@pytest.mark.parametrize("kind", KINDS)
def test_the_sandbox_serves_the_host_of_its_calls(kind: str, tmp_path: Path) -> None:
    served = hosts(Sandbox(tmp_path))
    assert real_name(urlsplit(call_of(kind).url).hostname or "", served) in served
