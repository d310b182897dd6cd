"""A provider that takes 200 ms to answer: messages a second by how many calls are in flight, in one dispatcher."""

import os
from statistics import median

from benchmarks.campaign import store
from benchmarks.field import Field
from benchmarks.processes import Meter
from benchmarks.rates import rate
from benchmarks.report import Measured
from benchmarks.sandbox import Control
from messaging.dispatch.dispatcher import Dispatcher
from messaging.states import MessageClass
from providers.zalo.hosts import BUSINESS_HOST
from tenants.models import Tenant

ROUNDS = 3
DELAY_MS = 200
IN_FLIGHT = (32, 64, 128, 512)
QUICK_IN_FLIGHT = (64, 512)
JUDGED = 256
SECONDS = 6


def measure(field: Field) -> Measured:
    """Return messages a second with 256 in flight; `bound`: that to the lower of 1,280/s and the rate at 0 ms."""
    control = Control(field.info["sandbox"])
    control.silence()
    seconds = field.size(SECONDS, 2)
    at_once, slow = list[float](), list[float]()
    for _ in range(ROUNDS):
        at_once.append(_run(field, JUDGED, seconds * 1500))
        slow.append(_delayed(field, control, JUDGED, seconds))
    numbers = QUICK_IN_FLIGHT if field.quick else IN_FLIGHT
    others = {str(number): round(_delayed(field, control, number, seconds), 1) for number in numbers}
    limit = JUDGED * 1000 / DELAY_MS
    bound = [mine / min(limit, free) for mine, free in zip(slow, at_once, strict=True)]
    return Measured(
        value=round(median(slow), 1),
        ratio={"bound": round(median(bound), 3)},
        detail={
            "perSecondByInFlight": {**others, str(JUDGED): round(median(slow), 1)},
            "perSecondWithoutDelay": round(median(at_once), 1),
        },
    )


def _delayed(field: Field, control: Control, in_flight: int, seconds: int) -> float:
    fault = {"host": BUSINESS_HOST, "path": "/message/template", "fault": "delay", "delayMs": DELAY_MS}
    control.ask("POST", "/_/faults", fault)
    try:
        return _run(field, in_flight, in_flight * 1000 // DELAY_MS * seconds)
    finally:
        control.ask("DELETE", "/_/faults")


def _run(field: Field, in_flight: int, size: int) -> float:
    """Send `size` messages over one account with a dispatcher of this process."""
    campaign, tenant = store(field, size), Tenant.objects.get(slug=field.info["tenant"])
    # One account alone may hold half of the places (messaging.dispatch.places).
    dispatcher = Dispatcher(MessageClass.TRANSACTIONAL, places=2 * in_flight)
    dispatcher.start()
    try:
        with Meter({"process": [os.getpid()]}) as meter:
            campaign.release()
            for lane, _ in campaign.lanes:
                dispatcher.wake(lane, tenant.pk)
            campaign.finish()
    finally:
        dispatcher.stop(5)
    return rate(campaign.settled(), meter).per_second
