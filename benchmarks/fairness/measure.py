"""A thousand tenants with a hundred messages each: when is the last of them served, alone and beside a giant?"""

import time

from benchmarks.campaign import Campaign, store
from benchmarks.fairness.small_tenants import make, store_all
from benchmarks.field import Field
from benchmarks.report import Measured
from benchmarks.sandbox import Control


def measure(field: Field) -> Measured:
    """Return how many times as long the small ones took beside the giant as alone."""
    control = Control(field.info["sandbox"])
    control.silence()
    count, each = field.size(1000, 150), field.size(100, 40)
    tenants = make(field, count)
    giant = store(field, field.size(500_000, 40_000))
    alone = _served(store_all(field, tenants, each))
    again = store_all(field, tenants, each)
    giant.release()
    beside = _served(again)
    return Measured(
        value=round(beside / alone, 2),
        detail={
            "tenants": count,
            "messagesEach": each,
            "aloneSeconds": round(alone, 1),
            "besideSeconds": round(beside, 1),
            "giantEndedEarly": giant.left(),
        },
    )


def _served(campaign: Campaign) -> float:
    """Return the seconds from the release to the last settling."""
    released = time.time()
    campaign.release(ring=False)
    campaign.finish()
    return campaign.settled()[-1][0] - released
