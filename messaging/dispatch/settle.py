"""Settle: write what calls came to, in one transaction of set statements, only where the attempt is still ours."""

from collections.abc import Iterable, Sequence
from uuid import UUID

import msgspec

from messaging.arrays import array, uuids
from messaging.dispatch.claiming import counted, quotas
from messaging.dispatch.claiming.types import Claimed
from messaging.dispatch.decide import Rules, decide
from messaging.receipts.finding import Named, write_names
from messaging.sql import atomic_cursor, read_clock
from messaging.states import Phase
from messaging.waiting import Decision, write
from providers.contract import Outcome


class Result(msgspec.Struct, frozen=True):
    """One message whose call is over, and the rules that decide what follows.

    `names_account` is the account whose receipts know the message by the provider's id alone.
    """

    claimed: Claimed
    channel_id: int
    outcome: Outcome
    rules: Rules
    names_account: int | None = None


_OURS = f"""
SELECT due.message_id FROM due
JOIN unnest(%(ids)s::uuid[], %(attempts)s::int[]) AS ours(id, attempt)
  ON due.message_id = ours.id AND due.attempt = ours.attempt
WHERE due.phase = {Phase.SENDING}
ORDER BY due.message_id
FOR UPDATE OF due
"""


def settle(results: Sequence[Result]) -> int:
    """Write the results whose lease and attempt still hold; return how many they were.

    A worker that stalled past its lease finds its attempt raised or its row gone, and changes nothing.
    """
    by_id = {result.claimed.message_id: result for result in results}
    with atomic_cursor() as sql:
        values = {
            "ids": uuids(by_id),
            "attempts": array("int", [result.claimed.attempt for result in by_id.values()]),
        }
        ours = [found for (found,) in sql.execute(_OURS, values).fetchall()]
        if not ours:
            return 0
        now = read_clock(sql)
        decisions = [
            decide(result.claimed, result.channel_id, result.outcome, result.rules, now)
            for result in (by_id[message_id] for message_id in ours)
        ]
        quotas.give_back(sql, _returned(by_id, decisions))
        counted.give_back(sql, _uncounted(by_id, decisions))
        write_names(sql, _names(by_id, ours))
        write(sql, decisions)
    return len(ours)


def _names(by_id: dict[UUID, Result], ours: Iterable[UUID]) -> Iterable[Named]:
    for message_id in ours:
        result = by_id[message_id]
        if result.names_account is not None and result.outcome.provider_message_id:
            yield Named(result.names_account, result.outcome.provider_message_id, message_id, result.claimed.leg)


def _uncounted(by_id: dict[UUID, Result], decisions: Iterable[Decision]) -> list[UUID]:
    ids = (decision.change.message_id for decision in decisions if decision.returned)
    return [message_id for message_id in ids if by_id[message_id].claimed.counted]


def _returned(by_id: dict[UUID, Result], decisions: Iterable[Decision]) -> Iterable[quotas.Returned]:
    for decision in decisions:
        result = by_id[decision.change.message_id]
        if decision.returned and result.claimed.reserved_at is not None:
            yield quotas.Returned(
                result.claimed.message_id, result.claimed.tenant_id, result.channel_id, result.claimed.reserved_at
            )
