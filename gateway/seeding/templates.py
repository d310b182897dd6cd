"""The templates of a channel as the sandbox lists them now."""

from django.conf import settings

from gateway.seeding.errors import SeedError
from messaging.models import Template, TemplateMapping
from messaging.states import MessageClass
from providers.contract import Answer, Context, Question, TemplateDetail
from providers.registry import provider
from providers.transport import exchange
from tenants import clock, custody
from tenants.models import Channel

CLASSES = {"otp": MessageClass.OTP, "promotion": MessageClass.PROMOTIONAL}


def sync(channel: Channel) -> None:
    """Store every template of the channel's official account. Raises SeedError."""
    listed = _ask(channel, Question(kind="templates"))
    for template_id in listed.data["ids"]:
        detail: TemplateDetail = _ask(channel, Question(kind="template", params={"template_id": template_id})).data
        _store(channel, detail)


def _ask(channel: Channel, question: Question) -> Answer:
    try:
        credentials = {"access_token": custody.access_token(channel.account_id)}
    except (custody.ReconnectNeeded, custody.RefreshFailed, custody.RefreshInProgress) as error:
        raise SeedError(f"the official account of {channel} has no token: {error}") from error
    asked = provider(channel.kind)
    context = Context(now=clock.now(), origin=settings.SANDBOX_URL)
    answer = asked.answer(question, exchange(asked.ask(question, credentials, context)))
    if not answer.ok:
        raise SeedError(f"the sandbox did not answer {question.kind}: {answer.reason}")
    return answer


def _store(channel: Channel, detail: TemplateDetail) -> None:
    template, _ = Template.objects.update_or_create(
        tenant_id=channel.tenant_id,
        code=detail.id,
        defaults={
            "name": detail.name,
            "message_class": CLASSES.get(detail.tag, MessageClass.TRANSACTIONAL),
            "tag": detail.tag,
            "status": detail.status,
            "quality": detail.quality,
            "timeout": detail.timeout,
            "price": detail.price,
            "preview_url": detail.preview_url,
            "parameters": [
                {
                    "name": each.name,
                    "required": each.required,
                    "type": each.type,
                    "minLength": each.min_length,
                    "maxLength": each.max_length,
                }
                for each in detail.parameters
            ],
            "synced_at": clock.now(),
        },
    )
    TemplateMapping.objects.get_or_create(
        template=template, channel=channel, defaults={"provider_template_id": detail.id}
    )
