"""One-time passwords while others keep the gateway busy: a campaign at full speed, a slow provider, a hanging one."""

import time
from statistics import median

from benchmarks.campaign import Campaign, store
from benchmarks.field import Field
from benchmarks.otp.traffic import ROUTE, Sender, delays, make_route
from benchmarks.report import Measured
from benchmarks.sandbox import Control
from messaging.models import Template
from providers.zalo.hosts import BUSINESS_HOST

PER_SECOND = 5.0
SETTLE_DOWN_SECONDS = 2.0
HANGING = 600
NEVER = 10_000_000.0


def measure(field: Field) -> Measured:
    """Return the worst p99 (ms) of the situations; p50 and p99 of each are in the detail."""
    control, seconds = Control(field.info["sandbox"]), float(field.size(60, 15))
    make_route(field)
    campaign = store(field, field.size(200_000, 30_000), "promotion")
    sender = Sender(field, field.info["apiKey"], ROUTE)
    sender.steadily(PER_SECOND, SETTLE_DOWN_SECONDS)
    found = {"alone": _run(control, sender, seconds / 3)}
    campaign.release()
    found["campaign"] = _run(control, sender, seconds)
    left = campaign.left()
    _delay(control, 500)
    found["slowCampaign"] = _run(control, sender, seconds / 2)
    _hold(campaign, control)
    found["hangingTenant"] = _beside_a_hanging_tenant(field, control, sender, seconds / 2)
    detail = {name: _figures(times) for name, times in found.items()}
    p50 = max(figures["p50"] for figures in detail.values())
    p99 = max(figures["p99"] for figures in detail.values())
    return Measured(value=p99, detail={**detail, "p50": p50, "p99": p99, "campaignEndedEarly": left})


def _run(control: Control, sender: Sender, seconds: float) -> list[float]:
    sent = sender.steadily(PER_SECOND, seconds)
    time.sleep(SETTLE_DOWN_SECONDS)
    return delays(control, sent)


def _hold(campaign: Campaign, control: Control) -> None:
    campaign.hold()
    control.ask("DELETE", "/_/faults")
    time.sleep(SETTLE_DOWN_SECONDS)


def _delay(control: Control, milliseconds: int) -> None:
    """Answer everything but the one-time passwords of the demo tenant late."""
    fault = {"host": BUSINESS_HOST, "path": "/message/template", "fault": "delay", "delayMs": milliseconds}
    control.ask("POST", "/_/faults", fault)


def _beside_a_hanging_tenant(field: Field, control: Control, sender: Sender, seconds: float) -> list[float]:
    """Another tenant's one-time passwords fill what it may hold with calls that are never answered."""
    _delay(control, 600_000)
    template = Template.objects.get(tenant__slug="other", name="otp").code
    other = Sender(field, field.info["otherTenantApiKey"], template=template)
    other.send(HANGING)
    times = _run(control, sender, seconds)
    control.ask("DELETE", "/_/faults")
    return times


def _figures(times: list[float]) -> dict[str, float]:
    at = min(len(times) - 1, int(0.99 * len(times)))
    return {"count": len(times), "p50": round(min(median(times), NEVER), 1), "p99": round(min(times[at], NEVER), 1)}
