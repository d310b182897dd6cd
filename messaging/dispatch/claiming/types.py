from datetime import datetime, timedelta
from uuid import UUID

import msgspec


class Claimed(msgspec.Struct, frozen=True):
    """A message taken for attempt number `attempt`, which fences every later write.

    `tries` counts earlier calls of this leg that were refused for a passing reason. `reserved` says that quotas were
    reserved for it, `counted` that it stands in the day's count of its app. Its call starts at `release_at`, None for
    at once. Times are aware.
    """

    message_id: UUID
    tenant_id: int
    message_class: int
    attempt: int
    tries: int
    leg: int
    step: int
    expires_at: datetime
    reserved_at: datetime | None = None
    release_at: datetime | None = None
    counted: bool = False


class Claim(msgspec.Struct, frozen=True):
    """What one look at a lane gave: the messages taken, by whose clock, and when looking again is worth while.

    `look_again` is None where nothing is known of it; `moved` counts messages that the look ended or sent on to
    another channel. A release later than `patience` is given up. A `probe` tries one message over a
    channel that is stopped.
    """

    lane_id: int
    channel_id: int
    test: bool
    own_bulk: UUID | None
    at: datetime
    messages: list[Claimed]
    more: bool = False
    moved: int = 0
    look_again: datetime | None = None
    patience: timedelta | None = None
    probe: bool = False
