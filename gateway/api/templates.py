"""Templates: list, detail, sync."""

from django.db.models import QuerySet
from django.http import Http404, HttpResponse
from rest_framework.request import Request

from gateway.api.keys import principal
from gateway.api.query import known_only, next_path, read_limit
from gateway.api.schema import describe, parameter
from gateway.api.shapes import Money
from gateway.api.template_shapes import (
    ChannelSync,
    ParameterOut,
    Stopped,
    SyncOut,
    TemplateChannel,
    TemplateOut,
    TemplatePage,
)
from gateway.api.view import ApiView, reply
from messaging.models import Template as Row
from messaging.states import MessageClass
from messaging.template_sync import SyncReport, sync_channel
from messaging.template_writing import SYNCED
from tenants.models import Account, ApiKey, Channel

Scope = ApiKey.Scope


class Templates(ApiView):
    """The tenant's templates."""

    scopes = {"GET": Scope.TEMPLATES_READ}

    @describe(
        "listTemplates",
        {200: TemplatePage},
        problems=(422,),
        parameters=[
            parameter("limit", "Templates a page, 1 to 1000; 100 if not given.", int),
            parameter("after", "Where the page starts; part of `next`."),
        ],
    )
    def get(self, request: Request) -> HttpResponse:
        """List the templates by id."""
        known_only(request.GET, "limit", "after")
        limit = read_limit(request.GET)
        rows = list(_rows(request).filter(code__gt=_text(request.GET.get("after", ""))).order_by("code")[: limit + 1])
        after = next_path(request.path, request.GET, rows[limit - 1].code if len(rows) > limit else None)
        return reply(TemplatePage(templates=[_shown(row) for row in rows[:limit]], next=after))


class Template(ApiView):
    """One template."""

    scopes = {"GET": Scope.TEMPLATES_READ}

    @describe("getTemplate", {200: TemplateOut}, problems=(404,))
    def get(self, request: Request, code: str) -> HttpResponse:
        """Return the template with its parameters."""
        row = _rows(request).filter(code=_text(code)).first()
        if row is None:
            raise Http404
        return reply(_shown(row))


class TemplateSync(ApiView):
    """Asking the providers for their templates."""

    scopes = {"POST": Scope.TEMPLATES_SYNC}

    @describe("syncTemplates", {200: SyncOut})
    def post(self, request: Request) -> HttpResponse:
        """Sync every channel of the tenant, one after the other; a test key asks the sandbox only."""
        caller = principal(request)
        channels = Channel.objects.filter(tenant_id=caller.tenant_id, kind__in=SYNCED).order_by("name")
        if caller.mode == ApiKey.Mode.TEST:
            channels = channels.filter(account__environment=Account.Environment.SANDBOX)
        reports = [sync_channel(channel_id) for channel_id in channels.values_list("id", flat=True)]
        return reply(SyncOut(channels=[_report(report) for report in reports]))


def _text(text: str) -> str:
    return text.replace("\x00", "")


def _rows(request: Request) -> QuerySet[Row]:
    return Row.objects.filter(tenant_id=principal(request).tenant_id).prefetch_related("mappings__channel")


def _report(report: SyncReport) -> ChannelSync:
    return ChannelSync(
        channel=report.channel,
        found=report.found,
        created=report.created,
        updated=report.updated,
        gone=report.gone,
        failed=list(report.failed),
        error=report.error or None,
    )


def _shown(row: Row) -> TemplateOut:
    parameters = [
        ParameterOut(
            name=parameter["name"],
            required=parameter.get("required", True),
            type=parameter.get("type", "STRING"),
            min_length=parameter.get("minLength") or None,
            max_length=parameter.get("maxLength") or None,
        )
        for parameter in row.parameters
    ]
    mappings = sorted(row.mappings.all(), key=lambda mapping: mapping.channel.name)
    return TemplateOut(
        template_id=row.code,
        name=row.name,
        message_class=MessageClass(row.message_class).queue,
        tag=row.tag,
        status=row.status,
        quality=row.quality,
        timeout_seconds=row.timeout,
        price=Money(amount=row.price, currency="VND") if row.price else None,
        preview_url=row.preview_url or None,
        parameters=parameters,
        channels=[
            TemplateChannel(channel=mapping.channel.name, provider_template_id=mapping.provider_template_id)
            for mapping in mappings
        ],
        stopped=Stopped(code=row.stop_code, reason=row.stop_reason) if row.stop_code or row.stop_reason else None,
        synced_at=row.synced_at,
    )
