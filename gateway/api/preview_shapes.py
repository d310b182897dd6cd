"""What the API answers about messages that are not sent yet. Times are RFC 3339 in UTC."""

from datetime import datetime
from typing import Any

import msgspec

from gateway.api.shapes import Money, Shape, SmsParts


class StepOut(Shape, frozen=True):
    """One step of a route as a message would meet it.

    `fate`: `sends`, `waits` (until `at`, where known), `goesOn` (passed over), `rejected`, or `standby` (taken after
    one of the failures in `goOnAfter` of the step before). Equal positions share by `weight`. `sms` tells how the SMS
    of the step would be sent.
    """

    position: int
    channel: str
    fate: str
    reason: str | None
    at: datetime | None
    detail: dict[str, Any] | None
    price: Money | None
    weight: int
    go_on_after: list[str]
    sms: SmsParts | None


class WayOut(Shape, frozen=True):
    """What would become of one message: `sends`, `waits`, `rejected`, or `expires` where its turn comes too late.

    `classFrom` is `request` or `template`; `at` is an estimate where others are before it.
    """

    to: str
    template_id: str
    message_class: str = msgspec.field(name="class")
    class_from: str
    route: str
    fate: str
    reason: str | None
    channel: str | None
    at: datetime | None
    expires_at: datetime
    cost: Money | None
    steps: list[StepOut]


class WaysOut(Shape, frozen=True):
    """The ways of the messages, in their order."""

    messages: list[WayOut]
