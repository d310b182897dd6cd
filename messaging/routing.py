"""Which channel is next: the steps of routes, read once and remembered for five seconds by this process."""

import random
import time
from collections.abc import Callable, Collection
from datetime import UTC, datetime, timedelta
from uuid import UUID

import msgspec

from messaging.contents.carrying import carries_more
from messaging.dispatch.mappings import mapping
from messaging.health.weights import factor
from messaging.lanes import lane_for
from tenants.clock import Now
from tenants.credential_fields import SMS_KINDS
from tenants.models import Channel, RouteStep

LIFETIME = 5.0
MOST_KEPT = 50_000


class Step(msgspec.Struct, frozen=True):
    """One step of a route: its channel, and when a message goes on from it.

    `text` and `sender` are those of an SMS of this step, empty where template and account decide; `plain` takes its
    diacritics out, `validity` is its own from its start on.
    """

    position: int
    channel_id: int
    channel_name: str
    kind: str
    text: str
    sender: str
    stopped: bool
    weight: int
    go_on_after: frozenset[str]
    deadline: timedelta | None
    when_stopped: str
    when_out_of_quota: str
    when_closed: str
    plain: bool = False
    validity: timedelta | None = None


class Onward(msgspec.Struct, frozen=True):
    """Where a message goes from its step: the causes that send it on, and the lane that takes it.

    `expires_in` is given where the next leg has a validity of its own, from its start on.
    """

    causes: frozenset[str]
    lane_id: int
    position: int
    channel_name: str
    expires_in: timedelta | None = None


_kept: dict[int, tuple[float, tuple[Step, ...]]] = {}
_sms_channels: dict[int, tuple[float, Channel | None]] = {}


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
    _sms_channels.clear()


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


def usable(step: Step, template_id: int, has_text: bool) -> bool:
    """Return whether a message of the template may go on to a step; `has_text` says that an SMS of it has words."""
    if step.stopped and step.when_stopped == RouteStep.Choice.GO_ON:
        return False
    return says_something(step, template_id, has_text)


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
    sms_validity: timedelta | None = None,
) -> Onward | None:
    """Return where a message at this step would go on, or None where its route ends here.

    A channel on which the template is not mapped is passed over; so is one that is stopped, if its step says so.
    `bulk_id` is given for a message in its bulk's own lane, `sms_validity` for one with an SMS failover.
    """

    current = step_of(route_id, position, channel_id)
    step = following(route_id, position, lambda step: usable(step, template_id, sms_validity is not None))
    if step is None and sms_validity is not None:
        step = added_sms_step(tenant_id, route_id, position)
    if step is None:
        return None
    causes = current.go_on_after if current else frozenset()
    return _to(step, causes, tenant_id, message_class, test, bulk_id, sms_validity)


def sms_onward(
    *,
    tenant_id: int,
    route_id: int,
    message_class: int,
    test: bool,
    position: int,
    bulk_id: UUID | None,
    sms_validity: timedelta,
) -> Onward | None:
    """Return the SMS step that a message with an SMS failover takes when the validity of the legs before it ends.

    None where it is at that step already, or past it.
    """
    step = following(route_id, position, lambda step: step.kind in SMS_KINDS)
    step = step or added_sms_step(tenant_id, route_id, position)
    if step is None:
        return None
    return _to(step, frozenset(), tenant_id, message_class, test, bulk_id, sms_validity)


def says_something(step: Step, template_id: int, own_sms: bool) -> bool:
    """Return whether a step's channel has something to say for a template (0 for a content without one)."""
    if step.kind in SMS_KINDS:
        found = mapping(template_id, step.channel_id) if template_id else None
        return own_sms or bool(step.text) or bool(found and found.text)
    return carries_more(step.kind) if not template_id else mapping(template_id, step.channel_id) is not None


def sms_channel(tenant_id: int) -> Channel | None:
    """Return the tenant's first SMS channel."""
    kept = _sms_channels.get(tenant_id)
    if kept is not None and time.monotonic() < kept[0]:
        return kept[1]
    if len(_sms_channels) > MOST_KEPT:
        _sms_channels.clear()
    found = Channel.objects.filter(tenant_id=tenant_id, kind__in=SMS_KINDS).order_by("id").first()
    _sms_channels[tenant_id] = (time.monotonic() + LIFETIME, found)
    return found


def steps_with_sms(tenant_id: int, route_id: int) -> tuple[Step, ...]:
    """Return the steps of a route for a message with an SMS failover: with the one that it adds where none is SMS."""
    known = steps(route_id)
    added = added_sms_step(tenant_id, route_id, 0)
    return (*known, added) if added else known


def added_sms_step(tenant_id: int, route_id: int, position: int) -> Step | None:
    """Return the step that an SMS failover adds behind a route without SMS; None for a message that took it."""
    known = steps(route_id)
    last = max((step.position for step in known), default=position)
    if position > last or any(step.kind in SMS_KINDS for step in known):
        return None
    channel = sms_channel(tenant_id)
    if channel is None:
        return None
    row = RouteStep(route_id=route_id, position=last + 1, channel=channel, go_on_after=[])
    return _step(row, datetime.min.replace(tzinfo=UTC))  # it waits for a stopped channel, there is no other


def _to(
    step: Step,
    causes: frozenset[str],
    tenant_id: int,
    message_class: int,
    test: bool,
    bulk_id: UUID | None,
    sms_validity: timedelta | None,
) -> Onward:
    lane = lane_for(tenant_id, step.channel_id, message_class, test, bulk_id)
    if sms_validity is None or step.kind not in SMS_KINDS:
        return Onward(causes, lane, step.position, step.channel_name, step.validity)
    # Words of its own do not share the faults of the template.
    return Onward(causes | {RouteStep.Cause.MESSAGE.value}, lane, step.position, step.channel_name, sms_validity)


def _step(row: RouteStep, now: datetime) -> Step:
    channel = row.channel
    # A channel whose probe is due takes messages again: one of them tries it.
    rests = channel.probe_at is None or channel.probe_at > now
    return Step(
        position=row.position,
        channel_id=row.channel_id,
        channel_name=channel.name,
        kind=channel.kind,
        text=row.text,
        sender=row.sender,
        stopped=channel.state == Channel.State.STOPPED and rests,
        weight=row.weight,
        go_on_after=frozenset(row.go_on_after),
        deadline=timedelta(seconds=row.deadline) if row.deadline else None,
        when_stopped=row.when_stopped,
        when_out_of_quota=row.when_out_of_quota,
        when_closed=row.when_closed,
        plain=row.plain,
        validity=timedelta(seconds=row.validity) if row.validity else None,
    )
