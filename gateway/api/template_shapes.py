"""What the API answers about templates, accounts and keys. Times are RFC 3339 in UTC."""

from datetime import datetime

import msgspec

from gateway.api.shapes import Money, Shape


class ParameterOut(Shape, frozen=True):
    """One parameter of a template; lengths count characters, null sets no limit."""

    name: str
    required: bool
    type: str
    min_length: int | None
    max_length: int | None


class TemplateChannel(Shape, frozen=True):
    """What a template is called on a channel."""

    channel: str
    provider_template_id: str


class Stopped(Shape, frozen=True):
    """Why a template is not sent at the moment."""

    code: str
    reason: str


class TemplateOut(Shape, frozen=True):
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


class TemplatePage(Shape, frozen=True):
    """A page of templates; `next` is the path of the next one, null at the end."""

    templates: list[TemplateOut]
    next: str | None


class ChannelSync(Shape, frozen=True):
    """What a sync of one channel found; `error` says why its list could not be read, `failed` names ids."""

    channel: str
    found: int
    created: int
    updated: int
    gone: int
    failed: list[str]
    error: str | None


class SyncOut(Shape, frozen=True):
    """What a sync found, channel by channel."""

    channels: list[ChannelSync]


class QuotaOut(Shape, frozen=True):
    """The official account's allowance of today at Zalo as of `readAt`; null where Zalo has not told."""

    oa_id: str
    daily_quota: int | None
    remaining_quota: int | None
    read_at: datetime | None


class TenantOut(Shape, frozen=True):
    """The tenant of a key."""

    slug: str
    name: str
    time_zone: str


class KeyOut(Shape, frozen=True):
    """The key that makes the call."""

    id: str
    name: str
    mode: str
    scopes: list[str]
    rate_limit: int | None
    expires_at: datetime | None


class Me(Shape, frozen=True):
    """Who calls."""

    tenant: TenantOut
    key: KeyOut
