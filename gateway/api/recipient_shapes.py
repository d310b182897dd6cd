"""What the API answers about persons: opt-outs, remembered refusals, erasure. Times are RFC 3339 in UTC."""

from datetime import datetime

import msgspec

from gateway.api.shapes import Shape


class MarkOut(Shape, frozen=True):
    """A reason not to send to a person. `kind` is `suppression` (opted out) or `memory` (was refused not long ago).

    It reaches everything, or only the class, kind of channel or official account's channels that it names; without
    `until` it holds for good.
    """

    id: str
    to: str | None
    kind: str
    reason: str
    code: str | None
    note: str | None
    message_class: str | None = msgspec.field(name="class")
    channel_kind: str | None
    channels: list[str]
    since: datetime
    until: datetime | None


class SuppressionPage(Shape, frozen=True):
    """A page of opt-outs, newest first; `next` is the path of the next one, null at the end."""

    suppressions: list[MarkOut]
    next: str | None


class Suppressed(Shape, frozen=True):
    """How many persons are suppressed by a call; a number given twice counts once."""

    count: int


class Lifted(Shape, frozen=True):
    """How many marks were taken away."""

    count: int


class RecipientOut(Shape, frozen=True):
    """What is kept of a person and holds now."""

    to: str
    marks: list[MarkOut]


class ErasedOut(Shape, frozen=True):
    """How many messages were stopped before they left, and how many were erased in all; of a dry run, would be."""

    stopped: int
    messages: int
    dry_run: bool
