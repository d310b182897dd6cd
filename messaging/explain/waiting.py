"""What a message waits for at this moment, in one look."""

from datetime import datetime, timedelta
from typing import Any, NamedTuple

from messaging.dispatch.claiming.facts import Facts, read_facts
from messaging.dispatch.claiming.gates import CHANNEL_STOPPED, Hold, pass_gates
from messaging.dispatch.claiming.paced import slowest
from messaging.explain.turns import Queue, next_turn, queue_before
from messaging.models import Due, LaneHold, TimelineEvent
from messaging.queries.messages import MessageView
from messaging.sql import cursor
from messaging.states import Phase
from tenants.models import Channel


class Waiting(NamedTuple):
    """Why a message does not go on now; `until` is aware, None where a person or the provider decides."""

    reason: str
    until: datetime | None
    detail: dict[str, Any]


_PHASES = {Phase.SENDING: "ANSWER", Phase.AWAITING: "RECEIPT", Phase.UNKNOWN: "RECEIPT", Phase.ASKING: "ANSWER"}


def waiting_for(message: MessageView) -> Waiting | None:
    """Return what the message waits for, None where it has ended."""
    due = Due.objects.filter(pk=message.id, tenant_id=message.tenant_id).first()
    if due is None or message.ended_at is not None:
        return None
    if due.phase != Phase.READY:
        return Waiting(_PHASES[Phase(due.phase)], due.due_at, {})
    with cursor() as sql:
        facts = read_facts(sql, due.lane_id)
        if facts is None:
            return None
        if due.due_at > facts.now:
            return _put_off(message, due)
        gate = pass_gates(facts, facts.now)
        if isinstance(gate, Hold):
            return Waiting(gate.reason, gate.until, gate.detail or _told(facts, gate.reason))
        if facts.hold_reason and facts.next_at > facts.now - timedelta(seconds=2):
            return _lane_held(facts)
        return _in_turn(facts, queue_before(sql, facts, due.due_at, due.message_id))


def _put_off(message: MessageView, due: Due) -> Waiting:
    """Return what the message itself waits for: its time, or what its last line says."""
    last = TimelineEvent.objects.filter(message_id=message.id, tenant_id=message.tenant_id).order_by("-n")
    line = last.exclude(type="revealed").first()
    if line is None:
        return Waiting("SEND_AT", due.due_at, {})
    return Waiting(line.reason or line.type.upper(), due.due_at, line.detail or {})


def _lane_held(facts: Facts) -> Waiting:
    hold = LaneHold.objects.filter(lane=facts.lane_id, reason=facts.hold_reason).order_by("-at").first()
    if hold is None:
        return Waiting(facts.hold_reason, None, {})
    return Waiting(hold.reason, hold.until, hold.detail or {})


def _told(facts: Facts, reason: str) -> dict[str, Any]:
    if reason == CHANNEL_STOPPED:
        channel = Channel.objects.get(pk=facts.channel_id)
        return {"code": channel.stop_code, "reason": channel.stop_reason}
    hold = LaneHold.objects.filter(lane=facts.lane_id, reason=reason, ended_at=None).order_by("-at").first()
    return (hold.detail or {}) if hold else {}


def _in_turn(facts: Facts, queue: Queue) -> Waiting:
    pace = slowest(facts)
    if pace is None:
        return Waiting("TURN", None, queue.told)
    return Waiting("PACE", next_turn(facts, queue), pace.told | queue.told)
