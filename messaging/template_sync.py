"""Brings what a provider knows of a channel's templates into ours."""

from typing import Any, NamedTuple

from django.db import transaction

from messaging.intake import resolve
from messaging.models import Template, TemplateMapping
from messaging.questions import CannotAsk, ask, ask_all
from messaging.states import MessageClass
from providers.contract import Answer, Question, TemplateDetail
from tenants import alerts, clock
from tenants.models import Channel

PAGE = 100
MOST_PAGES = 100
CLASSES = {
    "otp": MessageClass.OTP,
    "transaction": MessageClass.TRANSACTIONAL,
    "customer_care": MessageClass.TRANSACTIONAL,
    "promotion": MessageClass.PROMOTIONAL,
}
SENDABLE = "ENABLE"
# Elsewhere people map templates by hand: aggregators tell neither price nor time, or have no list at all.
SYNCED = ("zns",)
GONE = "DELETE"


class SyncReport(NamedTuple):
    """What a sync of one channel found; `failed` are the provider's ids whose details could not be read.

    `error` is empty unless the list itself could not be read; then nothing was changed.
    """

    channel: str
    found: int = 0
    created: int = 0
    updated: int = 0
    gone: int = 0
    failed: tuple[str, ...] = ()
    error: str = ""


class _NotListed(Exception):
    """The provider did not give its list; the text tells why."""


def sync_channel(channel_id: int) -> SyncReport:
    """Ask the provider for all templates of a channel and write them down; not to be called within a transaction.

    New templates take the provider's id as their code and their class from the tag; what people set here stays.
    Raises Channel.DoesNotExist.
    """
    channel = Channel.objects.get(id=channel_id)
    try:
        listed = _list(channel_id)
        questions = [Question(kind="template", params={"template_id": id}) for id in listed]
        answers = ask_all(channel_id, questions)
    except (CannotAsk, _NotListed) as error:
        return SyncReport(channel.name, error=str(error))
    details = [answer.data for answer in answers if answer.ok]
    failed = tuple(id for id, answer in zip(listed, answers, strict=True) if not answer.ok)
    with transaction.atomic():
        created = sum(_write(channel, detail) for detail in details)
        gone = _mark_gone(channel, listed)
    resolve.forget(channel.tenant_id)
    return SyncReport(channel.name, len(listed), created, len(details) - created, gone, failed)


def _list(channel_id: int) -> list[str]:
    ids: list[str] = []
    for page in range(MOST_PAGES):
        params = {"offset": str(page * PAGE), "limit": str(PAGE)}
        answer = ask(channel_id, Question(kind="templates", params=params))
        if not answer.ok:
            raise _NotListed(_why(answer))
        ids += answer.data["ids"]
        if len(ids) >= answer.data["total"] or not answer.data["ids"]:
            break
    return list(dict.fromkeys(ids))


def _why(answer: Answer) -> str:
    if answer.error is None:
        return answer.reason
    return f"{answer.error.code}: {answer.reason or answer.error.meaning}"


def _write(channel: Channel, detail: TemplateDetail) -> bool:
    """Write one template; return whether it is new."""
    mapping = TemplateMapping.objects.select_related("template").filter(channel=channel, provider_template_id=detail.id)
    known = mapping.first()
    if known is not None:
        _update(known.template, detail, known.parameter_names)
        return False
    template, is_new = Template.objects.get_or_create(
        tenant_id=channel.tenant_id, code=detail.id, defaults={"name": detail.name or detail.id}
    )
    TemplateMapping.objects.create(template=template, channel=channel, provider_template_id=detail.id)
    _update(template, detail, {})
    return is_new


def _update(template: Template, detail: TemplateDetail, ours_to_theirs: dict[str, str]) -> None:
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
    template.synced_at = clock.now()
    if detail.status == SENDABLE:
        # Whoever syncs has looked at it: a fault that is still there stops it again at its next message.
        template.stop_code = template.stop_reason = ""
        alerts.end_alert(alerts.template_key(template.pk))
    template.save()


def _parameter(parameter: Any, name: str) -> dict[str, Any]:
    return {
        "name": name,
        "required": parameter.required,
        "type": parameter.type,
        "minLength": parameter.min_length,
        "maxLength": parameter.max_length,
    }


def _mark_gone(channel: Channel, listed: list[str]) -> int:
    """Mark templates that this channel alone knew and no longer lists."""
    missing = TemplateMapping.objects.filter(channel=channel).exclude(provider_template_id__in=listed)
    elsewhere = TemplateMapping.objects.filter(channel__kind__in=SYNCED).exclude(channel=channel).values("template_id")
    gone = Template.objects.filter(id__in=missing.values("template_id")).exclude(id__in=elsewhere)
    return gone.exclude(status=GONE).update(status=GONE, synced_at=clock.now())
