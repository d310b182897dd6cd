"""What a provider's answer to «did it arrive?» means for a leg that had no receipt by its deadline."""

from collections.abc import Sequence
from datetime import datetime

import msgspec

from messaging.dispatch.deadlines import Question, over
from messaging.dispatch.decide import end
from messaging.ledger import Change
from messaging.sql import atomic_cursor, read_clock
from messaging.states import Phase, State
from messaging.waiting import Decision, write
from providers.contract import Answer, DeliveryStatus


class Asked(msgspec.Struct, frozen=True):
    """A question and what came back."""

    question: Question
    answer: Answer


_OURS = f"""
SELECT due.message_id FROM due
JOIN unnest(%(ids)s::uuid[], %(attempts)s::int[]) AS ours(id, attempt)
  ON due.message_id = ours.id AND due.attempt = ours.attempt
WHERE due.phase = {Phase.ASKING}
ORDER BY due.message_id
FOR UPDATE OF due
"""


def settle_asked(results: Sequence[Asked]) -> int:
    """End the legs that were asked about, where the lease still holds; return how many they were."""
    by_id = {asked.question.claimed.message_id: asked for asked in results}
    with atomic_cursor() as sql:
        values = {"ids": list(by_id), "attempts": [asked.question.claimed.attempt for asked in by_id.values()]}
        ours = [found for (found,) in sql.execute(_OURS, values).fetchall()]
        now = read_clock(sql)
        write(sql, [_decide(by_id[message_id], now) for message_id in ours])
    return len(ours)


def _meaning(asked: Asked) -> tuple[str, State, str]:
    """Return cause, state and reason of a leg that is not known to have arrived."""
    if asked.answer.ok and asked.answer.data is DeliveryStatus.FAILED:
        return "deadline", State.UNDELIVERABLE, "REPORTED_FAILED"
    if asked.question.late.phase == Phase.UNKNOWN:
        return "unknown", State.UNDELIVERABLE, "OUTCOME_UNKNOWN"
    return "deadline", State.EXPIRED, "NO_RECEIPT"


def _decide(asked: Asked, now: datetime) -> Decision:
    if not (asked.answer.ok and asked.answer.data is DeliveryStatus.DELIVERED):
        decision = over(asked.question.late, now, *_meaning(asked))
        said = str(asked.answer.data) if asked.answer.ok else "no answer"
        decision.change.detail = (decision.change.detail or {}) | {"asked": said}
        return decision
    claimed = asked.question.claimed
    change = Change(
        message_id=claimed.message_id,
        tenant_id=claimed.tenant_id,
        leg=claimed.leg,
        channel_id=asked.question.channel_id,
        state=State.DELIVERED,
        event="",
        at=now,
        detail={"asked": "delivered"},
        delivered_at=now,
    )
    return Decision(change=end(change, State.DELIVERED, "delivered", ""))
