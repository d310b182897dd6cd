"""Writes down what a provider tells of a channel's templates, all of them in a few statements."""

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any, Final

from django.db import transaction

from messaging.intake import resolve
from messaging.models import Template, TemplateMapping
from messaging.states import MessageClass
from providers.contract import TemplateDetail, TemplateParameter
from providers.registry import PROVIDERS
from tenants import alerts, clock
from tenants.models import Channel

CLASSES: Final = {
    "otp": MessageClass.OTP,
    "transaction": MessageClass.TRANSACTIONAL,
    "customer_care": MessageClass.TRANSACTIONAL,
    "promotion": MessageClass.PROMOTIONAL,
}
SENDABLE: Final = "ENABLE"
GONE: Final = "DELETE"
SYNCED: Final = tuple(
    kind for kind, wire in PROVIDERS.items() if {"templates", "template"} <= wire.capabilities.questions
)
"""Kinds whose provider lists templates, the one that tells most of them first. Elsewhere people map them by hand."""
_OF_TEMPLATE: Final = (
    "message_class", "name", "tag", "status", "quality", "timeout", "price", "preview_url", "parameters", "stop_code",
    "stop_reason", "synced_at",
)  # fmt: skip
_OF_MAPPING: Final = ("status", "quality", "price", "stop_code", "stop_reason", "synced_at")


def write(channel: Channel, details: Sequence[TemplateDetail]) -> int:
    """Write templates in the caller's transaction; return how many are new. Safe to repeat.

    New ones take the provider's id as their code. What the first kind of SYNCED on which a template is mapped tells
    becomes the template's own; of the others only its mapping takes status, quality and price.
    """
    told = {detail.id: detail for detail in details}
    created = _add_missing(channel, told)
    mappings = list(_mappings(channel, told).select_related("template"))
    leading = _leading(channel, mappings)
    at = clock.now()
    for mapping in mappings:
        detail = told[mapping.provider_template_id]
        if detail.status == SENDABLE:
            _resume(mapping)
        mapping.status, mapping.quality, mapping.price = detail.status, detail.quality, detail.price
        mapping.synced_at = at
        if mapping.template_id in leading:
            _take_over(mapping.template, detail, mapping.parameter_names)
            mapping.template.synced_at = at
    TemplateMapping.objects.bulk_update(mappings, _OF_MAPPING, batch_size=500)
    Template.objects.bulk_update({m.template_id: m.template for m in mappings}.values(), _OF_TEMPLATE, batch_size=500)
    return created


def mark_gone(channel: Channel, listed: Sequence[str]) -> int:
    """Mark what this channel no longer lists, and templates that no other list knows; return how many of these."""
    missing = TemplateMapping.objects.filter(channel=channel).exclude(provider_template_id__in=listed)
    elsewhere = TemplateMapping.objects.filter(channel__kind__in=SYNCED).exclude(channel=channel)
    gone = Template.objects.filter(id__in=missing.values("template_id"))
    gone = gone.exclude(id__in=elsewhere.exclude(status=GONE).values("template_id"))
    count = gone.exclude(status=GONE).update(status=GONE, synced_at=clock.now())
    missing.exclude(status=GONE).update(status=GONE, synced_at=clock.now())
    return count


@transaction.atomic
def resume_template(template: Template) -> bool:
    """Let a stopped template be sent again on every channel; return whether it was stopped."""
    of_all = Template.objects.filter(pk=template.pk).exclude(stop_code="").update(stop_code="", stop_reason="")
    mapped = TemplateMapping.objects.filter(template=template).exclude(stop_code="")
    resumed = mapped.update(stop_code="", stop_reason="") + of_all
    if resumed:
        alerts.end_alert(alerts.template_key(template.pk))
        transaction.on_commit(partial(resolve.forget, template.tenant_id))
    return bool(resumed)


def _mappings(channel: Channel, told: Mapping[str, TemplateDetail]) -> Any:
    return TemplateMapping.objects.filter(channel=channel, provider_template_id__in=told)


def _add_missing(channel: Channel, told: Mapping[str, TemplateDetail]) -> int:
    mapped = set(_mappings(channel, told).values_list("provider_template_id", flat=True))
    missing = [detail for id, detail in told.items() if id not in mapped]
    codes = [detail.id for detail in missing]
    rows = Template.objects.filter(tenant_id=channel.tenant_id, code__in=codes)
    known = set(rows.values_list("code", flat=True))
    new = [
        Template(tenant_id=channel.tenant_id, code=detail.id, name=detail.name or detail.id)
        for detail in missing
        if detail.id not in known
    ]
    Template.objects.bulk_create(new, ignore_conflicts=True)
    TemplateMapping.objects.bulk_create(
        [TemplateMapping(template=row, channel=channel, provider_template_id=row.code) for row in rows.all()],
        ignore_conflicts=True,
    )
    return len(new)


def _leading(channel: Channel, mappings: Sequence[TemplateMapping]) -> set[int]:
    """Return the templates of which no channel of an earlier kind tells more."""
    earlier = SYNCED[: SYNCED.index(channel.kind)]
    ids = {mapping.template_id for mapping in mappings}
    led = TemplateMapping.objects.filter(template_id__in=ids, channel__kind__in=earlier).exclude(status=GONE)
    return ids - set(led.values_list("template_id", flat=True))


def _resume(mapping: TemplateMapping) -> None:
    """Whoever syncs has looked at it: a fault that is still there stops it again at its next message."""
    template = mapping.template
    if mapping.stop_code or template.stop_code:
        alerts.end_alert(alerts.template_key(template.pk))
    mapping.stop_code = mapping.stop_reason = template.stop_code = template.stop_reason = ""


def _take_over(template: Template, detail: TemplateDetail, ours_to_theirs: Mapping[str, str]) -> None:
    """Take over what the provider decides; the class only with a new tag, for people may have changed it."""
    theirs_to_ours = {theirs: ours for ours, theirs in ours_to_theirs.items()}
    if detail.tag != template.tag:
        template.message_class = CLASSES.get(detail.tag, MessageClass.TRANSACTIONAL)
    template.name = detail.name or template.name
    template.tag = detail.tag
    template.status = detail.status
    template.quality = detail.quality
    template.timeout = detail.timeout
    template.price = detail.price
    template.preview_url = detail.preview_url if len(detail.preview_url) <= 500 else ""
    template.parameters = [_parameter(p, theirs_to_ours.get(p.name, p.name)) for p in detail.parameters]


def _parameter(parameter: TemplateParameter, name: str) -> dict[str, Any]:
    return {
        "name": name,
        "required": parameter.required,
        "type": parameter.type,
        "minLength": parameter.min_length,
        "maxLength": parameter.max_length,
    }
