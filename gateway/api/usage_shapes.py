"""What the API answers about quotas and alerts. Times are RFC 3339 in UTC."""

from datetime import datetime

from gateway.api.shapes import Shape


class QuotaUsageOut(Shape, frozen=True):
    """A quota in its present period. `scope` is `tenant`, `channel` or `template`, `name` that of the channel or the id
    of the template; `onLimit` is `reject`, `hold` or `divert`."""

    scope: str
    name: str | None
    period: str
    limit: int
    used: int
    on_limit: str
    resets_at: datetime


class UsageOut(Shape, frozen=True):
    """The tenant's quotas and what is used of them."""

    quotas: list[QuotaUsageOut]


class AlertOut(Shape, frozen=True):
    """Something that people must know; `endedAt` is null while it lasts. `kind` is `channel_stopped`,
    `template_stopped`, `quota` or `provider_quota`; `level` is `warning` or `error`."""

    id: str
    kind: str
    level: str
    about: str
    title: str
    text: str
    since: datetime
    ended_at: datetime | None


class AlertPage(Shape, frozen=True):
    """The newest alerts of the tenant, open ones first, at most 100."""

    alerts: list[AlertOut]
