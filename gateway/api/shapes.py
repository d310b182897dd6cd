"""What the API answers, field by field. Times are RFC 3339 in UTC."""

from datetime import datetime
from typing import Any

import msgspec

from gateway.api.status import Status


class _Shape(msgspec.Struct, frozen=True, rename="camel", kw_only=True, gc=False):
    """Base of the answers."""


class AcceptedMessage(_Shape, frozen=True):
    """A message just accepted."""

    message_id: str
    to: str
    state: str
    final: bool
    status: Status


class AcceptedBulk(_Shape, frozen=True):
    """What a call stored."""

    bulk_id: str
    messages: list[AcceptedMessage]


class Money(_Shape, frozen=True):
    """An amount as a decimal string."""

    amount: str
    currency: str


class LegOut(_Shape, frozen=True):
    """One step of the route taken by a message."""

    channel: str
    state: str
    attempts: int
    provider_message_id: str | None
    sent_at: datetime | None
    delivered_at: datetime | None
    seen_at: datetime | None
    deadline_at: datetime | None
    error_code: str | None
    reason: str | None
    cost: Money | None


class EventOut(_Shape, frozen=True):
    """One line of a message's timeline."""

    at: datetime
    type: str
    reason: str | None
    detail: dict[str, Any] | None


class MessageOut(_Shape, frozen=True):
    """A message as a list shows it."""

    message_id: str
    bulk_id: str
    to: str | None
    state: str
    final: bool
    status: Status
    message_class: str = msgspec.field(name="class")
    template_id: str | None
    reference: str | None
    entity_id: str | None
    application_id: str | None
    test: bool
    reason: str | None
    accepted_at: datetime
    send_at: datetime | None
    expires_at: datetime
    ended_at: datetime | None


class MessageDetail(MessageOut, frozen=True):
    """A message with its way so far; `templateData` only where it is revealed."""

    legs: list[LegOut]
    events: list[EventOut]
    template_data: dict[str, str] | msgspec.UnsetType | None = msgspec.UNSET


class MessagePage(_Shape, frozen=True):
    """A page of messages; `next` is the path of the next one, null at the end."""

    messages: list[MessageOut]
    next: str | None


class ParameterOut(_Shape, frozen=True):
    """One parameter of a template; lengths count characters, null sets no limit."""

    name: str
    required: bool
    type: str
    min_length: int | None
    max_length: int | None


class TemplateChannel(_Shape, frozen=True):
    """What a template is called on a channel."""

    channel: str
    provider_template_id: str


class Stopped(_Shape, frozen=True):
    """Why a template is not sent at the moment."""

    code: str
    reason: str


class TemplateOut(_Shape, frozen=True):
    """A template as it was last synced. `timeoutSeconds` is the time in which a receipt is expected."""

    template_id: str
    name: str
    message_class: str = msgspec.field(name="class")
    tag: str
    status: str
    quality: str
    timeout_seconds: float | None
    price: Money | None
    preview_url: str | None
    parameters: list[ParameterOut]
    channels: list[TemplateChannel]
    stopped: Stopped | None
    synced_at: datetime | None


class TemplatePage(_Shape, frozen=True):
    """A page of templates; `next` is the path of the next one, null at the end."""

    templates: list[TemplateOut]
    next: str | None


class ChannelSync(_Shape, frozen=True):
    """What a sync of one channel found; `error` says why its list could not be read, `failed` names ids."""

    channel: str
    found: int
    created: int
    updated: int
    gone: int
    failed: list[str]
    error: str | None


class SyncOut(_Shape, frozen=True):
    """What a sync found, channel by channel."""

    channels: list[ChannelSync]


class QuotaOut(_Shape, frozen=True):
    """The official account's allowance of today at Zalo as of `readAt`; null where Zalo has not told."""

    oa_id: str
    daily_quota: int | None
    remaining_quota: int | None
    read_at: datetime | None


class TenantOut(_Shape, frozen=True):
    """The tenant of a key."""

    slug: str
    name: str
    time_zone: str


class KeyOut(_Shape, frozen=True):
    """The key that makes the call."""

    id: str
    name: str
    mode: str
    scopes: list[str]
    rate_limit: int | None
    expires_at: datetime | None


class Me(_Shape, frozen=True):
    """Who calls."""

    tenant: TenantOut
    key: KeyOut


class ProblemField(_Shape, frozen=True):
    """One bad field of a request."""

    field: str
    code: str
    message: str


class ProblemOut(_Shape, frozen=True):
    """Problem details (RFC 9457); `errors` lists at most 100 of `errorCount` bad fields."""

    type: str
    title: str
    status: int
    detail: str
    errors: list[ProblemField] | msgspec.UnsetType = msgspec.UNSET
    error_count: int | msgspec.UnsetType = msgspec.UNSET
