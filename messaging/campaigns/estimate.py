"""When the last message of a run will have left: by its speed, or else by how fast it went so far."""

from collections.abc import Mapping
from datetime import datetime, timedelta

from messaging.models import CampaignRun
from messaging.policies.pace import Pace, TimeUnit
from messaging.states import State
from tenants.clock import now

_WAITING = (State.QUEUED.word, State.SENDING.word)


def estimate_end(run: CampaignRun, by_state: Mapping[str, int]) -> datetime | None:
    """Return the time (aware) at which the last message will have left; None where nothing tells."""
    waiting = sum(by_state.get(word, 0) for word in _WAITING)
    at = now()
    start = max(at, run.planned_at)
    if not waiting:
        return None
    if run.bulk.speed_amount:
        return start + Pace(run.bulk.speed_amount, TimeUnit(run.bulk.speed_unit)).interval * waiting
    left = sum(by_state.values()) - waiting
    began = max(run.planned_at, run.loaded_at or run.planned_at)
    if not left or at - began < timedelta(seconds=1):
        return None
    return at + (at - began) * (waiting / left)
