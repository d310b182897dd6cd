"""Refuses what cannot leave in time: windows, hours and speed reckoned against the validity, naming the times."""

from collections import Counter
from collections.abc import Iterable
from datetime import datetime

from messaging.intake.errors import Findings
from messaging.intake.resolve import Catalogue, KnownRoute
from messaging.intake.steering import Steering
from messaging.intake.times import Times
from messaging.policies.binding import binding_windows
from messaging.policies.plan import Plan, reckon
from messaging.policies.windows import Window
from tenants import clock

WINDOW, SPEED, VALIDITY = "deliveryTimeWindow", "sendingSpeedLimit", "validityPeriod"


def check_plan(
    catalogue: Catalogue,
    route: KnownRoute | None,
    steering: Steering,
    planned: Times,
    classes: Iterable[int],
    findings: Findings,
) -> None:
    """Note what of a request cannot be met. `classes` holds the class of each message.

    Reads the clock only where hours or a speed bind. A bulk of several classes is reckoned for each as if all its
    messages went by that one.
    """
    if route is None:
        return
    counts = Counter(classes)
    night_rules = route.night_rules and route.waits_when_closed
    windows = {
        one: binding_windows(
            steering.window, catalogue.quiet, kind=route.kind, message_class=one, night_rules=night_rules
        )
        for one in counts
    }
    if steering.speed is None and not any(windows.values()):
        return
    start = planned.send_at or clock.now()
    for one, rules in windows.items():
        expires = start + planned.validity_of(one)
        if told := problem(rules, steering, counts.total(), start, expires):
            field, message = told
            findings.add(f"options.{field}", "cannot_be_met", message)
            return


def problem(
    windows: list[Window], steering: Steering, count: int, start: datetime, expires: datetime
) -> tuple[str, str] | None:
    """Return field and words for a plan that ends after `expires` (aware); None for one that can be met."""
    interval = steering.speed.interval if steering.speed else None
    plan = reckon(windows, interval, count, start)
    if plan is None:
        return (
            WINDOW if steering.window else VALIDITY,
            "The window, quiet hours and the provider's hours never meet.",
        )
    if plan.starts >= expires:
        field = WINDOW if steering.window else VALIDITY
        return field, f"Sending opens at {_told(plan.starts)}, when the messages have expired at {_told(expires)}."
    if plan.ends is None or plan.ends >= expires:
        return SPEED, _too_slow(plan, count, expires)
    return None


def _too_slow(plan: Plan, count: int, expires: datetime) -> str:
    ends = f"at {_told(plan.ends)}" if plan.ends else "in more than thirty days"
    return (
        f"From {_told(plan.starts)} on at this speed the last of {count} messages would leave {ends}; "
        f"they expire at {_told(expires)}."
    )


def _told(at: datetime) -> str:
    return at.isoformat(timespec="seconds")
