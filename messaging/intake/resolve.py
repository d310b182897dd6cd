"""What a tenant may send with: its routes and templates, kept for at most five seconds in this process."""

import time
from collections.abc import Mapping
from datetime import timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

from messaging.models import Template, TemplateMapping
from messaging.policies.binding import Quiet
from tenants.credential_fields import SMS_KINDS
from tenants.models import Channel, RouteStep, Tenant

LIFETIME = 5.0
DEFAULT_ROUTE = "default"


class Rule(NamedTuple):
    """What a parameter of a template asks for; lengths count characters, 0 sets no limit."""

    required: bool
    shortest: int
    longest: int


class KnownTemplate(NamedTuple):
    """A template ready for validation; `rules` is None where its parameters were never synced."""

    id: int
    code: str
    message_class: int
    status: str
    stop_reason: str
    rules: Mapping[str, Rule] | None
    required: frozenset[str]
    channels: frozenset[int]


class KnownRoute(NamedTuple):
    """A route and the channel of its first step; `waits_when_closed` is what that step does out of hours.

    `first` are the channels that share the first position by weight, `position` is that position. `texts` are those of
    them whose step has a text of its own, `kinds` the kinds of all channels of the route. `sms_validity` is that of its
    first SMS step, None where that has none.
    """

    id: int
    channel_id: int
    channel_name: str
    kind: str
    night_rules: bool
    waits_when_closed: bool
    position: int
    first: frozenset[int]
    texts: frozenset[int] = frozenset()
    kinds: frozenset[str] = frozenset()
    sms_validity: timedelta | None = None


class Catalogue(NamedTuple):
    """Routes by name, templates by code and the quiet hours of one tenant, and whether it has an SMS channel."""

    kept_until: float
    quiet: Quiet
    routes: Mapping[str, KnownRoute]
    templates: Mapping[str, KnownTemplate]
    has_sms: bool = False


_kept: dict[int, Catalogue] = {}


def catalogue(tenant_id: int) -> Catalogue:
    """Return the tenant's catalogue, at most LIFETIME seconds old."""
    kept = _kept.get(tenant_id)
    if kept is not None and time.monotonic() < kept.kept_until:
        return kept
    return reload(tenant_id)


def reload(tenant_id: int) -> Catalogue:
    """Return the tenant's catalogue as it is now; asked for when something was not found in a kept one."""
    has_sms = Channel.objects.filter(tenant_id=tenant_id, kind__in=SMS_KINDS).exists()
    kept_until = time.monotonic() + LIFETIME
    fresh = Catalogue(kept_until, _quiet(tenant_id), _routes(tenant_id), _templates(tenant_id), has_sms)
    if len(_kept) > 10_000:
        _kept.clear()
    _kept[tenant_id] = fresh
    return fresh


def forget(tenant_id: int | None = None) -> None:
    """Drop what is kept of one tenant, or of all."""
    if tenant_id is None:
        _kept.clear()
    else:
        _kept.pop(tenant_id, None)


def _quiet(tenant_id: int) -> Quiet:
    row = Tenant.objects.get(pk=tenant_id)
    return Quiet(ZoneInfo(row.time_zone), row.quiet_from, row.quiet_until, row.quiet_for_otp)


def _routes(tenant_id: int) -> dict[str, KnownRoute]:
    rows = RouteStep.objects.filter(route__tenant_id=tenant_id).order_by("route_id", "-position", "-id")
    steps = list(rows.select_related("route", "channel"))
    channels: dict[tuple[int, int], set[int]] = {}
    kinds: dict[int, set[str]] = {}
    validities: dict[int, timedelta | None] = {}
    for step in steps:
        if step.channel.kind in SMS_KINDS:
            validities[step.route_id] = timedelta(seconds=step.validity) if step.validity else None
        kinds.setdefault(step.route_id, set()).add(step.channel.kind)
        channels.setdefault((step.route_id, step.position), set()).add(step.channel_id)
    return {
        step.route.name: KnownRoute(
            id=step.route_id,
            channel_id=step.channel_id,
            channel_name=step.channel.name,
            kind=step.channel.kind,
            night_rules=step.channel.night_rules,
            waits_when_closed=step.when_closed == RouteStep.Choice.WAIT,
            texts=frozenset(s.channel_id for s in steps if s.route_id == step.route_id and s.text),
            kinds=frozenset(kinds[step.route_id]),
            position=step.position,
            first=frozenset(channels[step.route_id, step.position]),
            sms_validity=validities.get(step.route_id),
        )
        for step in steps
    }


def _templates(tenant_id: int) -> dict[str, KnownTemplate]:
    channels: dict[int, set[int]] = {}
    mappings = TemplateMapping.objects.filter(template__tenant_id=tenant_id, channel__tenant_id=tenant_id)
    for template_id, channel_id in mappings.values_list("template_id", "channel_id"):
        channels.setdefault(template_id, set()).add(channel_id)
    return {row.code: _known(row, channels.get(row.id, set())) for row in Template.objects.filter(tenant_id=tenant_id)}


def _known(row: Template, channels: set[int]) -> KnownTemplate:
    rules: dict[str, Rule] | None = None
    if row.parameters or row.synced_at:
        rules = {
            p["name"]: Rule(p.get("required", True), p.get("minLength") or 0, p.get("maxLength") or 0)
            for p in row.parameters
        }
    return KnownTemplate(
        id=row.id,
        code=row.code,
        message_class=row.message_class,
        status=row.status,
        stop_reason=row.stop_reason or row.stop_code,
        rules=rules,
        required=frozenset(name for name, rule in (rules or {}).items() if rule.required),
        channels=frozenset(channels),
    )
