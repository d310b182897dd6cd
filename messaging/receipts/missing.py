"""Reports that did not come: asked for from the records of providers that keep them, many messages a question."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any, Final
from uuid import UUID

import msgspec
import structlog

from messaging.dispatch.bell import ring_receipts
from messaging.ids import leg_id
from messaging.questions import CannotAsk, ask
from messaging.receipts.store import store
from messaging.sql import cursor
from messaging.states import Phase
from providers.contract import DeliveryStatus, Event, EventKind, Question, Records
from providers.registry import PROVIDERS
from tenants.runtime import channel_runtime

# Infobip's logs allow ten calls a minute and account, so a round asks little and often (infobip.md section 5).
MOST_LEGS: Final = 300
A_QUESTION: Final = 100
MOST_PAGES: Final = 4
OLD_ENOUGH: Final = timedelta(minutes=5)
ASKED: Final = {kind: known.capabilities.records for kind, known in PROVIDERS.items() if known.capabilities.records}
_KINDS: Final = {DeliveryStatus.DELIVERED: EventKind.DELIVERED, DeliveryStatus.FAILED: EventKind.FAILED}
log = structlog.get_logger(__name__)

_OPEN = f"""
SELECT lane.channel_id, lane.test, lane.tenant_id, channel.kind, due.message_id, due.leg, leg.provider_message_id,
       leg.sent_at
FROM due JOIN lane ON lane.id = due.lane_id JOIN tenants_channel channel ON channel.id = lane.channel_id
JOIN LATERAL (
    SELECT provider_message_id, sent_at FROM leg WHERE leg.message_id = due.message_id AND leg.n = due.leg LIMIT 1
) leg ON leg.sent_at < gateway_now() - %(age)s
WHERE due.phase = {Phase.AWAITING} AND channel.kind = ANY(%(kinds)s)
ORDER BY due.due_at LIMIT %(limit)s
"""


class Open(msgspec.Struct, frozen=True):
    """A leg that waits for its report."""

    channel_id: int
    test: bool
    tenant_id: int
    kind: str
    message_id: UUID
    leg: int
    provider_message_id: str
    sent_at: datetime

    @property
    def id(self) -> str:
        """Return the leg's id."""
        return leg_id(self.message_id, self.leg)


def ask_for_missing(age: timedelta = OLD_ENOUGH) -> int:
    """Ask about legs that have waited longer than `age`, a bounded number; return how many reports were found.

    What is found is stored like a report that came in.
    """
    with cursor() as sql:
        values = {"age": age, "kinds": list(ASKED), "limit": MOST_LEGS}
        rows = [Open(*row) for row in sql.execute(_OPEN, values).fetchall()]
    channels: dict[tuple[int, bool], list[Open]] = {}
    for row in rows:
        channels.setdefault((row.channel_id, row.test), []).append(row)
    return sum(_ask(legs) for legs in channels.values())


def _ask(legs: Sequence[Open]) -> int:
    first = legs[0]
    try:
        events = _by_ids(legs) if ASKED[first.kind] is Records.BY_IDS else _by_day(legs)
        account_id = channel_runtime(first.channel_id, first.test).account_id
    except (CannotAsk, LookupError) as error:
        log.warning("missing.not_asked", channel=first.channel_id, reason=str(error))
        return 0
    if events:
        ring_receipts(store(first.tenant_id, first.kind, b"", events, account_id=account_id))
    return len(events)


def _by_ids(legs: Sequence[Open]) -> list[Event]:
    wanted = {leg.id for leg in legs}
    events: list[Event] = []
    ids = sorted(wanted)
    for start in range(0, len(ids), A_QUESTION):
        params = {"message_ids": ",".join(ids[start : start + A_QUESTION])}
        answer = ask(legs[0].channel_id, Question(kind="records", params=params), test=legs[0].test)
        if not answer.ok:
            break
        events += [event for event in answer.data["events"] if event.leg_id in wanted]
    return [event for event in events if event.kind in _KINDS.values()]


def _by_day(legs: Sequence[Open]) -> list[Event]:
    """Return what the records of the oldest leg's day tell of the legs; the others have their turn."""
    wanted = {leg.provider_message_id: leg for leg in legs if leg.provider_message_id}
    events: list[Event] = []
    for page in range(1, MOST_PAGES + 1):
        params = {"sent_at": min(leg.sent_at for leg in legs).isoformat(), "page": str(page)}
        answer = ask(legs[0].channel_id, Question(kind="records", params=params), test=legs[0].test)
        if not answer.ok or not answer.data["records"]:
            break
        events += [
            _event(record, wanted[record["message_id"]])
            for record in answer.data["records"]
            if record["message_id"] in wanted and record["status"] in _KINDS
        ]
    return events


def _event(record: Mapping[str, Any], leg: Open) -> Event:
    data = {name: record[name] for name in ("cost", "segments") if record.get(name)}
    kind = _KINDS[record["status"]]
    return Event(
        kind=kind,
        name=record["name"],
        key=f"{leg.id}:{record['name']}",
        at=record["reported_at"] or datetime.now(UTC),
        leg_id=leg.id,
        provider_message_id=leg.provider_message_id,
        data=data | ({"error_code": record["name"]} if kind is EventKind.FAILED else {}),
    )
