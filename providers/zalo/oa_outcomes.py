"""What the Official Account host's answer to a send means (zalo-zns-oa.md sections 4.4 and 7.1)."""

from collections.abc import Callable, Iterable

from providers.contract import Call, ErrorRow, NoAnswer, NotSent, Outcome, Reply, Response, Verdict
from providers.zalo.envelope import Envelope, read_envelope, unreadable
from providers.zalo.error_lookup import TOO_MANY_REQUESTS
from providers.zalo.fields import as_text, as_time
from providers.zalo.waits import retry_after
from providers.zalo.wording import clean

RowFor = Callable[[int, str], ErrorRow]


def outcomes(call: Call, response: Response, row_for: RowFor, known: Iterable[str]) -> list[Outcome]:
    """Return one outcome a leg; `known` are texts of the request that Zalo's wording must not repeat.

    A numeric `error` is believed whatever the HTTP status. Without one the request may have been acted on: unknown,
    except for 429, which says that it was not. Never raises on a provider's bytes.
    """
    if isinstance(response, NotSent):
        return [Outcome(leg_id=leg, verdict=Verdict.NOT_SENT, text=response.reason) for leg in call.legs]
    if isinstance(response, NoAnswer):
        return [Outcome(leg_id=leg, verdict=Verdict.UNKNOWN, text=response.reason) for leg in call.legs]
    envelope = read_envelope(response.body)
    if envelope is None:
        if response.status == 429:
            return [_refused(leg, response, TOO_MANY_REQUESTS, "HTTP 429") for leg in call.legs]
        return [_unknown(leg, response) for leg in call.legs]
    if envelope.code == 0:
        return [_accepted(leg, response, envelope) for leg in call.legs]
    row, wording = row_for(envelope.code, envelope.message), clean(envelope.message, known)
    return [_refused(leg, response, row, wording) for leg in call.legs]


def _accepted(leg_id: str, reply: Reply, envelope: Envelope) -> Outcome:
    # Sources differ on where `sent_time` stands. The `quota` beside it is a purse, not an allowance of today: left out.
    data = envelope.fields
    return Outcome(
        leg_id=leg_id,
        verdict=Verdict.ACCEPTED,
        provider_message_id=as_text(data.get("message_id")) or as_text(data.get("msg_id")),
        http_status=reply.status,
        elapsed=reply.elapsed,
        sent_at=as_time(data.get("sent_time")) or as_time(envelope.root.get("sent_time")),
    )


def _refused(leg_id: str, reply: Reply, row: ErrorRow, wording: str) -> Outcome:
    return Outcome(
        leg_id=leg_id,
        verdict=Verdict.REFUSED,
        error=row,
        text=wording,
        http_status=reply.status,
        elapsed=reply.elapsed,
        retry_after=retry_after(reply.headers) or row.retry_seconds or None,
    )


def _unknown(leg_id: str, reply: Reply) -> Outcome:
    return Outcome(
        leg_id=leg_id,
        verdict=Verdict.UNKNOWN,
        text=unreadable(reply),
        http_status=reply.status,
        elapsed=reply.elapsed,
    )
