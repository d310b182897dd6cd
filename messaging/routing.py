"""Which channel is next: the steps of routes, read once and remembered for five seconds by this process."""

import random
import time
from collections.abc import Callable, Collection
from datetime import datetime, timedelta
from uuid import UUID

import msgspec

from messaging.dispatch.mappings import mapping
from messaging.health.weights import factor
from messaging.lanes import lane_for
from tenants.clock import Now
from tenants.models import Channel, RouteStep

LIFETIME = 5.0
MOST_KEPT = 50_000


class Step(msgspec.Struct, frozen=True):
    """One step of a route: its channel, and when a message goes on from it."""

    position: int
    channel_id: int
    channel_name: str
    stopped: bool
    weight: int
    go_on_after: frozenset[str]
    deadline: timedelta | None
    when_stopped: str
    when_out_of_quota: str
    when_closed: str


class Onward(msgspec.Struct, frozen=True):
    """Where a message goes from its step: the causes that send it on, and the lane that takes it."""

    causes: frozenset[str]
    lane_id: int
    position: int
    channel_name: str


_kept: dict[int, tuple[float, tuple[Step, ...]]] = {}


def steps(route_id: int) -> tuple[Step, ...]:
    """Return the steps of a route in their order; none where the route is gone."""
    kept = _kept.get(route_id)
    if kept is not None and time.monotonic() < kept[0]:
        return kept[1]
    if len(_kept) > MOST_KEPT:
        _kept.clear()
    rows = (
        RouteStep.objects.select_related("channel")
        .annotate(read_at=Now())
        .filter(route_id=route_id)
        .order_by("position", "id")
    )
    found = tuple(_step(row, row.read_at) for row in rows)
    _kept[route_id] = (time.monotonic() + LIFETIME, found)
    return found


def forget() -> None:
    """Drop what this process remembers."""
    _kept.clear()


def step_of(route_id: int, position: int, channel_id: int) -> Step | None:
    """Return the step of a route that a message over this channel is at."""
    for step in steps(route_id):
        if step.position == position and step.channel_id == channel_id:
            return step
    return None


def choose(group: list[Step]) -> Step:
    """Return one step of equals by weight, less of it to a channel whose calls fail."""
    if len(group) == 1:
        return group[0]
    weights = [max(step.weight, 1) * factor(step.channel_id) for step in group]
    return random.choices(group, weights)[0]  # noqa: S311 shares load


def share(route_id: int, position: int, channels: Collection[int]) -> int | None:
    """Return the channel of one of the equal steps at `position` by weight, of those of `channels` that are not stopped
    (of all of them where each is); None where none is there."""
    group = [step for step in steps(route_id) if step.position == position and step.channel_id in channels]
    running = [step for step in group if not step.stopped] or group
    return choose(running).channel_id if running else None


def following(route_id: int, position: int, usable: Callable[[Step], bool]) -> Step | None:
    """Return the next step after `position` whose channel is usable: one of each position, by weight."""
    groups: dict[int, list[Step]] = {}
    for step in steps(route_id):
        if step.position > position and usable(step):
            groups.setdefault(step.position, []).append(step)
    return choose(groups[min(groups)]) if groups else None


def onward(
    *,
    tenant_id: int,
    route_id: int,
    template_id: int,
    message_class: int,
    test: bool,
    position: int,
    channel_id: int,
    bulk_id: UUID | None,
) -> Onward | None:
    """Return where a message at this step would go on, or None where its route ends here.

    A channel on which the template is not mapped is passed over; so is one that is stopped, if its step says so.
    `bulk_id` is given for a message in its bulk's own lane.
    """

    def usable(step: Step) -> bool:
        if step.stopped and step.when_stopped == RouteStep.Choice.GO_ON:
            return False
        return mapping(template_id, step.channel_id) is not None

    current = step_of(route_id, position, channel_id)
    step = following(route_id, position, usable)
    if step is None:
        return None
    causes = current.go_on_after if current else frozenset()
    lane = lane_for(tenant_id, step.channel_id, message_class, test, bulk_id)
    return Onward(causes, lane, step.position, step.channel_name)


def _step(row: RouteStep, now: datetime) -> Step:
    channel = row.channel
    # A channel whose probe is due takes messages again: one of them tries it.
    rests = channel.probe_at is None or channel.probe_at > now
    return Step(
        position=row.position,
        channel_id=row.channel_id,
        channel_name=channel.name,
        stopped=channel.state == Channel.State.STOPPED and rests,
        weight=row.weight,
        go_on_after=frozenset(row.go_on_after),
        deadline=timedelta(seconds=row.deadline) if row.deadline else None,
        when_stopped=row.when_stopped,
        when_out_of_quota=row.when_out_of_quota,
        when_closed=row.when_closed,
    )
