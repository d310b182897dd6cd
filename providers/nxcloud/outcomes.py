"""What an answer of NXCloud's means for each leg of a call, the same for Zalo messages and SMS."""

from collections.abc import Callable, Iterable

from providers.contract import Call, ErrorRow, NoAnswer, NotSent, Outcome, Reply, Response, Verdict
from providers.nxcloud.codes.account import TOO_MANY_REQUESTS
from providers.nxcloud.envelope import Envelope, read_envelope, unreadable
from providers.zalo.waits import retry_after
from providers.zalo.wording import clean


def outcomes(
    call: Call,
    response: Response,
    row_for: Callable[[int], ErrorRow],
    message_id: Callable[[Envelope], str],
    sent: Callable[[Call], Iterable[str]],
    accepted: frozenset[int] = frozenset({0}),
) -> list[Outcome]:
    """Return one outcome a leg: the codes in `accepted` are a success, other codes a refusal by `row_for`.

    Without a code the request may have been acted on: unknown, except for HTTP 429, which says that it was not.
    `message_id` finds NXCloud's id in the envelope, `sent` the texts of the call that its wording must not echo.
    """
    if isinstance(response, NotSent):
        return [Outcome(leg_id=leg, verdict=Verdict.NOT_SENT, text=response.reason) for leg in call.legs]
    if isinstance(response, NoAnswer):
        return [Outcome(leg_id=leg, verdict=Verdict.UNKNOWN, text=response.reason) for leg in call.legs]
    envelope = read_envelope(response.body)
    if envelope is None:
        if response.status == 429:
            return [_refused(leg, response, TOO_MANY_REQUESTS, "HTTP 429") for leg in call.legs]
        return [_outcome(leg, response, Verdict.UNKNOWN, unreadable(response)) for leg in call.legs]
    if envelope.code in accepted:
        found, text = message_id(envelope), _traced("", envelope)
        return [_outcome(leg, response, Verdict.ACCEPTED, text, found) for leg in call.legs]
    text = _traced(clean(envelope.message, sent(call)), envelope)
    return [_refused(leg, response, row_for(envelope.code), text) for leg in call.legs]


def _outcome(leg_id: str, reply: Reply, verdict: Verdict, text: str, message_id: str = "") -> Outcome:
    return Outcome(
        leg_id=leg_id,
        verdict=verdict,
        provider_message_id=message_id,
        text=text,
        http_status=reply.status,
        elapsed=reply.elapsed,
    )


def _refused(leg_id: str, reply: Reply, row: ErrorRow, text: str) -> Outcome:
    return Outcome(
        leg_id=leg_id,
        verdict=Verdict.REFUSED,
        error=row,
        text=text,
        http_status=reply.status,
        elapsed=reply.elapsed,
        retry_after=retry_after(reply.headers) or row.retry_seconds or None,
    )


def _traced(text: str, envelope: Envelope) -> str:
    return f"{text} (traceId {envelope.trace})".lstrip() if envelope.trace else text
