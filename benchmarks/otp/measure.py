"""One-time passwords while others keep the gateway busy: a campaign at full speed, a slow provider, a hanging one."""

import math
import time
from statistics import median

import msgspec

from benchmarks.campaign import Campaign, store
from benchmarks.field import Field
from benchmarks.otp.traffic import ROUTE, Sender, delays, make_route
from benchmarks.report import Measured
from benchmarks.rounds import rounds, too_few
from benchmarks.sandbox import Control
from messaging.models import Template
from providers.zalo.hosts import BUSINESS_HOST

PER_SECOND = 5.0
SETTLE_DOWN_SECONDS = 1.0
EARLY_SECONDS = 2.0
HANGING = 600
NEVER = 10_000_000.0
SLOW_MS = 500
SITUATIONS = ("alone", "campaign", "slowCampaign", "hangingTenant")


class Figures(msgspec.Struct, frozen=True, rename="camel"):
    """Milliseconds from acceptance to arrival of `count` one-time passwords, of which `never` have not arrived."""

    count: int
    never: int
    p50: float
    p99: float


def measure(field: Field) -> Measured:
    """Return the worst p99 (ms) of the situations, each the median of its rounds."""
    control = Control(field.info["sandbox"])
    make_route(field)
    Sender(field, field.info["apiKey"], ROUTE).steadily(PER_SECOND, SETTLE_DOWN_SECONDS)
    found: dict[str, list[Figures]] = {name: [] for name in SITUATIONS}
    left: list[bool] = []
    for _ in rounds(field.size(600, 90)):
        _round(field, control, found, left)
    summed = {name: _middle(several) for name, several in found.items()}
    p50, p99 = max(each.p50 for each in summed.values()), max(each.p99 for each in summed.values())
    told = {name: msgspec.to_builtins(figures) for name, figures in summed.items()}
    all_rounds = {name: [msgspec.to_builtins(each) for each in several] for name, several in found.items()}
    detail = {**told, "p50": p50, "p99": p99, "campaignDrained": left, "rounds": all_rounds}
    return Measured(value=p99, detail=detail, short=too_few(len(left)))


def _round(field: Field, control: Control, found: dict[str, list[Figures]], left: list[bool]) -> None:
    campaign = store(field, field.size(200_000, 10_000), "promotion")
    slow = store(field, field.size(20_000, 5_000), "promotion")
    sender = Sender(field, field.info["apiKey"], ROUTE)
    control.forget_requests()
    found["alone"].append(_run(control, sender, field.size(15, 2)))
    campaign.release()
    found["campaign"].append(_while_it_drains(control, sender, campaign, field.size(110, 5)))
    left.append(campaign.left())
    _end(campaign, control)
    _delay(control, SLOW_MS)
    slow.release()
    found["slowCampaign"].append(_run(control, sender, field.size(25, 2)))
    _end(slow, control)
    found["hangingTenant"].append(_beside_a_hanging_tenant(field, control, sender, field.size(25, 2)))


def _run(control: Control, sender: Sender, seconds: float) -> Figures:
    sent = sender.steadily(PER_SECOND, seconds)
    time.sleep(SETTLE_DOWN_SECONDS)
    return _figures(delays(control, sent))


def _while_it_drains(control: Control, sender: Sender, campaign: Campaign, seconds: float) -> Figures:
    """Send until nothing of the campaign is left, at most so many seconds."""
    first = sender.steadily(PER_SECOND, EARLY_SECONDS)
    others = sender.steadily(PER_SECOND, SETTLE_DOWN_SECONDS)
    # The sandbox keeps its last 200,000 calls: the first would have left its record when the campaign has ended.
    times = delays(control, first)
    others += sender.steadily(PER_SECOND, seconds - EARLY_SECONDS - SETTLE_DOWN_SECONDS, stop=campaign.left)
    time.sleep(SETTLE_DOWN_SECONDS)
    return _figures(sorted(times + delays(control, others)))


def _end(campaign: Campaign, control: Control) -> None:
    campaign.hold()
    control.ask("DELETE", "/_/faults")
    time.sleep(SETTLE_DOWN_SECONDS)
    control.forget_requests()


def _delay(control: Control, milliseconds: int) -> None:
    """Answer everything but the one-time passwords of the demo tenant late."""
    fault = {"host": BUSINESS_HOST, "path": "/message/template", "fault": "delay", "delayMs": milliseconds}
    control.ask("POST", "/_/faults", fault)


def _beside_a_hanging_tenant(field: Field, control: Control, sender: Sender, seconds: float) -> Figures:
    """Another tenant's one-time passwords fill what it may hold with calls that are never answered."""
    _delay(control, 600_000)
    template = Template.objects.get(tenant__slug="other", name="otp").code
    other = Sender(field, field.info["otherTenantApiKey"], template=template)
    other.send(HANGING)
    figures = _run(control, sender, seconds)
    control.ask("DELETE", "/_/faults")
    return figures


def _figures(times: list[float]) -> Figures:
    at = min(len(times) - 1, int(0.99 * len(times)))
    never = sum(1 for time in times if math.isinf(time))
    return Figures(len(times), never, round(min(median(times), NEVER), 1), round(min(times[at], NEVER), 1))


def _middle(several: list[Figures]) -> Figures:
    return Figures(
        sum(each.count for each in several),
        sum(each.never for each in several),
        median(each.p50 for each in several),
        median(each.p99 for each in several),
    )
