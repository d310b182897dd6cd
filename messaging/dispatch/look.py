"""One look at a lane, in a database thread: is its channel ready, what is due, and what does it say?"""

from collections.abc import Sequence
from datetime import timedelta

import msgspec
from django.conf import settings

from messaging.dispatch.claim import claim
from messaging.dispatch.loading import Loaded, load
from messaging.sql import cursor
from tenants.models import Channel, Tenant
from tenants.runtime import ChannelRuntime, NoSandboxAccount, NoSuchChannel, channel_runtime

HOLD = timedelta(seconds=5)


class Look(msgspec.Struct, frozen=True):
    """What a look gave. `runtime` is None where the lane cannot go on now; `more` says that the limit was reached."""

    runtime: ChannelRuntime | None
    loaded: Sequence[Loaded] = ()
    more: bool = False


_LANE = "SELECT channel_id, test FROM lane WHERE id = %s"
_HOLD = "UPDATE lane SET next_at = gateway_now() + %s, hold_reason = %s WHERE id = %s"


def look_at(lane_id: int, limit: int) -> Look:
    """Claim and load at most `limit` due messages of a lane, or hold the lane where its channel is not ready."""
    runtime = _runtime(lane_id)
    if runtime is None or runtime.state != Channel.State.ACTIVE:
        return Look(None)
    if not runtime.ready:
        hold(lane_id, runtime.not_ready_reason)
        return Look(None if not runtime.renewable else runtime)
    claimed = claim(lane_id, limit, settings.LEASE)
    if claimed is None:
        return Look(None)
    loaded = load(claimed, runtime.when_unknown == Tenant.WhenUnknown.RESEND)
    return Look(runtime, loaded, more=len(claimed.messages) == limit)


def hold(lane_id: int, reason: str) -> None:
    """Let the lane wait a few seconds; its row says why."""
    with cursor() as sql:
        sql.execute(_HOLD, (HOLD, reason[:64], lane_id))


def _runtime(lane_id: int) -> ChannelRuntime | None:
    with cursor() as sql:
        row = sql.execute(_LANE, (lane_id,)).fetchone()
    if row is None:
        return None
    try:
        return channel_runtime(row[0], row[1])
    except NoSuchChannel:
        return None
    except NoSandboxAccount as error:
        hold(lane_id, str(error))
        return None
