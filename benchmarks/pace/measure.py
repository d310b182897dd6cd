"""Two bulks with a speed, sent at once by four workers for a minute; their calls as the provider saw them arrive."""

import json
from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

from benchmarks.campaign import calm_templates
from benchmarks.field import Field
from benchmarks.pace.judging import Kept, judge
from benchmarks.pace.simulated import simulate
from benchmarks.report import Measured
from benchmarks.sandbox import Control
from benchmarks.waiting import until
from messaging.ids import parse_leg_id
from messaging.intake.accept import accept
from messaging.models import Bulk, Message
from messaging.policies.pace import Pace, TimeUnit
from messaging.states import State
from providers.zalo.hosts import BUSINESS_HOST
from tenants.models import Tenant

REAL = (Pace(3000, TimeUnit.MINUTE), Pace(600, TimeUnit.MINUTE))
SIMULATED = (Pace(60, TimeUnit.MINUTE), Pace(6000, TimeUnit.MINUTE), Pace(20, TimeUnit.SECOND))
SIMULATED_MINUTES = 10
SEEDS = 5
SPARE_SECONDS = 60.0
A_CALL = 10_000


def measure(field: Field) -> Measured:
    """Return the share of the slots that was used, the worst of all paces; `excess` is what was above a limit."""
    control = Control(field.info["sandbox"])
    control.silence()
    control.forget_requests()
    seconds = field.size(65, 10)
    arrived = _send(field, control, seconds)
    real = {_name(pace): judge(arrived[pace], pace) for pace in REAL}
    length = timedelta(minutes=SIMULATED_MINUTES)
    counted = {
        _name(pace): [simulate(pace, length, seed) for seed in range(field.size(SEEDS, 2))] for pace in SIMULATED
    }
    simulated = {name: Kept(min(k.used for k in kept), max(k.excess for k in kept)) for name, kept in counted.items()}
    everything = [*real.values(), *simulated.values()]
    return Measured(
        value=round(min(kept.used for kept in everything), 4),
        detail={
            "excess": max(kept.excess for kept in everything),
            "realSeconds": seconds,
            "workers": len([name for name in field.pids["worker"] if name.startswith("worker-transactional")]),
            "real": {name: _told(kept) for name, kept in real.items()},
            "simulated": {name: _told(kept) for name, kept in simulated.items()},
        },
    )


def _send(field: Field, control: Control, seconds: int) -> dict[Pace, list[float]]:
    """Send each pace's bulk for so many seconds; return the arrivals (epoch seconds, ascending)."""
    code = field.info["templates"]["order"]
    calm_templates()
    tenant = Tenant.objects.get(slug=field.info["tenant"]).pk
    parameters = control.grant(code).parameters
    bulks = {_accept(tenant, code, parameters, pace, seconds): pace for pace in REAL}
    open_states = [State.QUEUED, State.SENDING]
    waiting = Message.objects.filter(bulk_id__in=bulks, state__in=open_states)
    until(lambda: not waiting.exists(), seconds + SPARE_SECONDS, "sending at a pace")
    owners = dict(Message.objects.filter(bulk_id__in=bulks).values_list("id", "bulk_id"))
    arrived: dict[Pace, list[float]] = {pace: [] for pace in REAL}
    for call in control.ask("GET", f"/_/requests?host={BUSINESS_HOST}&path=/message/template"):
        leg = parse_leg_id(json.loads(call["body"])["tracking_id"])
        if leg is not None and leg[0] in owners:
            arrived[bulks[owners[leg[0]]]].append(datetime.fromisoformat(call["at"]).timestamp())
    return {pace: sorted(times) for pace, times in arrived.items()}


def _accept(tenant: int, code: str, parameters: Sequence[str], pace: Pace, seconds: int) -> UUID:
    count = int(pace.amount * seconds / pace.unit.length.total_seconds())
    data = dict.fromkeys(parameters, "1")
    messages = [{"to": f"8498{n:07d}", "templateId": code, "templateData": data} for n in range(min(count, A_CALL))]
    speed = {"amount": pace.amount, "timeUnit": pace.unit.value}
    body = json.dumps({"messages": messages, "options": {"sendingSpeedLimit": speed}}).encode()
    return Bulk.objects.get(id=accept(tenant, body, test=False).bulk_id).id


def _name(pace: Pace) -> str:
    return f"{pace.amount} a {pace.unit.value.lower()}"


def _told(kept: Kept) -> dict[str, float]:
    return {"used": round(kept.used, 4), "excess": kept.excess}
