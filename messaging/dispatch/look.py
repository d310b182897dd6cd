"""One look at a lane, in a database thread: is its channel ready, what is due, and what does it say?"""

from collections.abc import Sequence

import msgspec
from django.conf import settings

from messaging.chat.gates import keep_gates
from messaging.dispatch.claiming import App, Claim, claim, leave_unready
from messaging.dispatch.loading import Carrier, Loaded, load
from messaging.lanes import lane_by_id
from providers.mini_app.adapter import MINI_APP
from tenants.models import Channel, Tenant
from tenants.runtime import ChannelRuntime, NoSandboxAccount, NoSuchChannel, channel_runtime


class Look(msgspec.Struct, frozen=True):
    """What a look gave. `runtime` is None where the lane sleeps until it is rung; `claim` where nothing was claimed."""

    runtime: ChannelRuntime | None = None
    claim: Claim | None = None
    loaded: Sequence[Loaded] = ()


def look_at(lane_id: int, limit: int) -> Look:
    """Claim and load at most `limit` due messages of a lane, or hold the lane where its channel is not ready."""
    lane = lane_by_id(lane_id)
    if lane is None:
        return Look()
    try:
        runtime = channel_runtime(lane.channel_id, lane.test)
    except NoSuchChannel:
        return Look()
    except NoSandboxAccount as error:
        leave_unready(lane_id, str(error))
        return Look()
    if not runtime.ready and runtime.state == Channel.State.ACTIVE:
        if runtime.renewable:
            return Look(runtime)
        leave_unready(lane_id, runtime.not_ready_reason)
        return Look()
    claimed = claim(lane_id, limit, settings.LEASE, _app(runtime))
    if claimed is None:
        return Look()
    carrier = Carrier(runtime.kind, runtime.credentials.get("sender", ""))
    loaded = load(claimed, runtime.when_unknown == Tenant.WhenUnknown.RESEND, carrier)
    return Look(runtime, claimed, keep_gates(loaded, runtime, claimed.at))


def _app(runtime: ChannelRuntime) -> App | None:
    """Return the app whose gates the claim keeps, None for a channel of another kind."""
    if runtime.kind != MINI_APP.kind:
        return None
    known = runtime.credentials
    return App(known.get("zalo_app_id") or known.get("mini_app_id", ""), known.get("facts") == "required")
