"""The holds of the lanes in which a message waited, while it waited there."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any, Final, NamedTuple

from django.db.models import Q

from messaging.explain.stays import Line, Stay, stays
from messaging.models import Due, Lane, LaneHold, Leg
from messaging.queries.messages import MessageView
from tenants import clock
from tenants.models import Channel, RouteStep

PACE: Final = "PACE"
# Who waited for less was not held up by a pace.
SHORTEST_WAIT: Final = timedelta(seconds=1)
MOST_LINES: Final = 100


class Held(NamedTuple):
    """Why a message did not go on; `at` is aware. `detail` has `until` where the hold has an end."""

    at: datetime
    reason: str
    detail: dict[str, Any]


def holds_of(message: MessageView, lines: Sequence[Line]) -> list[Held]:
    """Return what held a message up in its lanes, oldest first; `lines` is its stored timeline."""
    start = max(message.accepted_at, message.send_at or message.accepted_at)
    waits = [stay for stay in stays(start, lines) if stay.until is not None or message.ended_at is None]
    if not waits:
        return []
    lanes = _lanes(message, waits)
    now = clock.now()
    found: list[Held] = []
    for stay in waits:
        lane = lanes.get(stay)
        if lane is not None:
            found += _held(lane, stay, now)
    return sorted(found, key=lambda held: held.at)[:MOST_LINES]


def _lanes(message: MessageView, waits: Iterable[Stay]) -> dict[Stay, Lane]:
    """Return the lane of each stay: its bulk's own over the leg's channel, else the shared one."""
    channels = _channels(message, waits)
    rows = Lane.objects.filter(
        Q(bulk=None) | Q(bulk=message.bulk_id),
        tenant=message.tenant_id,
        message_class=message.message_class,
        test=message.test,
        channel__in=set(channels.values()),
    )
    by_channel: dict[int, Lane] = {}
    for row in rows:
        if row.bulk_id is not None or row.channel_id not in by_channel:
            by_channel[row.channel_id] = row
    return {stay: by_channel[channel] for stay, channel in channels.items() if channel in by_channel}


def _channels(message: MessageView, waits: Iterable[Stay]) -> dict[Stay, int]:
    """Return the channel of each stay: the leg's where it has one, else where the message waits or was led to."""
    tenant_id = message.tenant_id
    legs = dict(Leg.objects.filter(message_id=message.id, tenant_id=tenant_id).values_list("n", "channel_id"))
    found: dict[Stay, int] = {}
    for stay in waits:
        channel: int | None = legs.get(stay.leg)
        if stay.until is None:
            lanes = Due.objects.filter(message_id=message.id).values("lane_id")
            channel = Lane.objects.filter(pk__in=lanes).values_list("channel_id", flat=True).first() or channel
        if channel is None and stay.channel:
            named = Channel.objects.filter(tenant=tenant_id, name=stay.channel)
            channel = named.values_list("pk", flat=True).first()
        if channel is None:
            steps = RouteStep.objects.filter(route=message.route_id, route__tenant=tenant_id).order_by("position")
            channel = steps.values_list("channel_id", flat=True).first()
        if channel is not None:
            found[stay] = channel
    return found


def _held(lane: Lane, stay: Stay, now: datetime) -> list[Held]:
    ends = stay.until or now
    rows = LaneHold.objects.filter(Q(ended_at=None) | Q(ended_at__gt=stay.since), lane=lane, at__lte=ends)
    found = []
    for row in rows.order_by("-at")[:MOST_LINES]:
        if row.reason == PACE and ends - stay.since < SHORTEST_WAIT:
            continue
        if row.ended_at is None and row.at < stay.since and _is_stale(row, lane):
            continue
        detail = dict(row.detail or {})
        if row.until is not None:
            detail["until"] = row.until.isoformat()
        found.append(Held(max(row.at, stay.since), row.reason, detail))
    return found


def _is_stale(row: LaneHold, lane: Lane) -> bool:
    """Return whether a hold without an end is over all the same: the lane says so."""
    return row.reason not in (PACE, lane.hold_reason)
