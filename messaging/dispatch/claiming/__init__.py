"""The claim: one short transaction that decides how many messages of a lane may go now, and takes them.

Its steps in their order: facts, gates (paused, stopped, hours), meters (pace, places at the provider), quotas, the
messages, and what stops single ones. Lock order: paces of bulk, channel and account, quota usages, then messages.
"""

from messaging.dispatch.claiming.notifying import App
from messaging.dispatch.claiming.taking import claim, leave_unready
from messaging.dispatch.claiming.types import Claim, Claimed

__all__ = ["App", "Claim", "Claimed", "claim", "leave_unready"]
