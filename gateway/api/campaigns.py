"""Campaigns: a template to everybody in a file, made, steered and followed."""

from django.db.models import QuerySet
from django.http import Http404, HttpResponse
from rest_framework.request import Request

from gateway.api import campaign_shapes as shapes
from gateway.api.keys import principal
from gateway.api.problems import Problem
from gateway.api.query import known_only, next_path, read_limit
from gateway.api.schema import describe, parameter
from gateway.api.uploads import is_multipart, read_parts
from gateway.api.view import ApiView, raw_body, reply
from messaging.campaigns.control import cancel, pause, resume, set_speed
from messaging.campaigns.creating import create, start_campaign
from messaging.campaigns.errors import Conflict, Unreadable
from messaging.campaigns.files import store_file
from messaging.campaigns.request import CampaignIn
from messaging.campaigns.status import run_status
from messaging.intake.decode import decode_part
from messaging.intake.errors import FieldError, Findings, Refused
from messaging.intake.steering import read_speed
from messaging.models import Campaign as Row
from messaging.models import RecipientFile
from tenants.api_keys import Principal
from tenants.models import ApiKey

Scope = ApiKey.Scope
MOST_RUNS = 20
PAGE = [
    parameter("limit", "Campaigns a page, 1 to 1000; 100 if not given.", int),
    parameter("after", "Where the page starts; part of `next`."),
]


class RecipientFiles(ApiView):
    """Uploading recipients before there is a campaign."""

    scopes = {"POST": Scope.SEND}

    @describe("uploadRecipients", {201: shapes.RecipientFileOut}, uploads=True, problems=(400, 413, 422))
    def post(self, request: Request) -> HttpResponse:
        """Store the part `file` of a multipart body: CSV (UTF-8) or XLSX, its first row naming the columns."""
        upload, _ = read_parts(request)
        return reply(shapes.file_out(_stored(principal(request).tenant_id, upload.name, upload.content)), 201)


class Campaigns(ApiView):
    """POST makes a campaign; GET lists."""

    scopes = {"POST": Scope.SEND, "GET": Scope.READ}

    @describe("createCampaign", {202: shapes.CampaignDetail}, takes=CampaignIn, uploads=True, problems=(400, 413, 422))
    def post(self, request: Request) -> HttpResponse:
        """Make a campaign and start it, unless it is to be a draft.

        The recipients are a file uploaded before (`fileId`), or the part `file` of a multipart body whose part
        `campaign` is this JSON. Loading goes on after the answer; sending begins when all rows are loaded.
        """
        caller = principal(request)
        findings = Findings()
        if is_multipart(request):
            upload, body = read_parts(request)
            wanted = decode_part(body, CampaignIn, findings)
            file = _stored(caller.tenant_id, upload.name, upload.content)
        else:
            wanted = decode_part(raw_body(request), CampaignIn, findings)
            file = _found_file(caller.tenant_id, wanted.file_id, findings)
        test = caller.mode == ApiKey.Mode.TEST
        campaign = create(caller.tenant_id, wanted, file, _by(caller), test=test, findings=findings)
        return reply(_detail(campaign), 202)

    @describe("listCampaigns", {200: shapes.CampaignPage}, problems=(422,), parameters=PAGE)
    def get(self, request: Request) -> HttpResponse:
        """List campaigns, newest first."""
        known_only(request.GET, "limit", "after")
        limit, after = read_limit(request.GET), request.GET.get("after", "")
        rows = _rows(principal(request).tenant_id).order_by("-pk")
        if after:
            rows = rows.filter(pk__lt=_number(after))
        found = list(rows[: limit + 1])
        path = next_path(request.path, request.GET, str(found[limit - 1].pk) if len(found) > limit else None)
        return reply(shapes.CampaignPage(campaigns=[_out(row) for row in found[:limit]], next=path))


class Campaign(ApiView):
    """One campaign."""

    scopes = {"GET": Scope.READ, "PUT": Scope.SEND}
    http_method_names = ["get", "head", "put"]

    @describe("getCampaign", {200: shapes.CampaignDetail}, problems=(404,))
    def get(self, request: Request, campaign_id: str) -> HttpResponse:
        """Return the campaign with the progress of its latest runs."""
        return reply(_detail(found_campaign(principal(request).tenant_id, campaign_id)))

    @describe(
        "changeCampaign",
        {200: shapes.CampaignDetail},
        takes=shapes.CampaignChange,
        problems=(400, 404, 409, 413, 422),
    )
    def put(self, request: Request, campaign_id: str) -> HttpResponse:
        """Change how fast it goes from now on, also while it runs; it is no longer held to a time to finish by."""
        caller = principal(request)
        campaign = found_campaign(caller.tenant_id, campaign_id)
        findings = Findings()
        change = decode_part(raw_body(request), shapes.CampaignChange, findings)
        findings.raise_if_any()
        try:
            set_speed(caller.tenant_id, campaign.pk, read_speed(change.sending_speed_limit), _by(caller))
        except Conflict as error:
            raise conflict(error) from error
        return reply(_detail(found_campaign(caller.tenant_id, campaign_id)))


class CampaignState(ApiView):
    """Whether the campaign goes on."""

    scopes = {"PUT": Scope.SEND}
    http_method_names = ["put"]

    @describe(
        "changeCampaignStatus",
        {200: shapes.CampaignDetail},
        takes=shapes.CampaignStatusIn,
        problems=(400, 404, 409, 413, 422),
    )
    def put(self, request: Request, campaign_id: str) -> HttpResponse:
        """Start or resume the campaign (PROCESSING), pause it (PAUSED), or end it for good (CANCELED)."""
        caller = principal(request)
        campaign = found_campaign(caller.tenant_id, campaign_id)
        findings = Findings()
        status = decode_part(raw_body(request), shapes.CampaignStatusIn, findings).status
        findings.raise_if_any()
        try:
            if status == "PROCESSING" and campaign.state == Row.State.DRAFT:
                start_campaign(campaign)
            elif status in _STEERS:
                _STEERS[status](caller.tenant_id, campaign.pk, _by(caller))
            else:
                raise Refused([FieldError("status", "invalid", f"status must be one of {', '.join(_STEERS)}.")])
        except Conflict as error:
            raise conflict(error) from error
        return reply(_detail(found_campaign(caller.tenant_id, campaign_id)))


_STEERS = {"PROCESSING": resume, "PAUSED": pause, "CANCELED": cancel}


def found_campaign(tenant_id: int, text: str) -> Row:
    """Return the tenant's campaign of that id. Raises Http404."""
    row = _rows(tenant_id).filter(pk=_number(text)).first()
    if row is None:
        raise Http404
    return row


def conflict(error: Conflict) -> Problem:
    """Return the answer to what the campaign's state does not allow."""
    return Problem(409, "campaign-state", "Not possible now", str(error))


def _rows(tenant_id: int) -> QuerySet[Row]:
    return Row.objects.filter(tenant_id=tenant_id).select_related("template", "route", "file", "tenant")


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 19 else 0


def _stored(tenant_id: int, name: str, content: object) -> RecipientFile:
    try:
        return store_file(tenant_id, name, content)  # type: ignore[arg-type]  # Django's own kind of file
    except Unreadable as error:
        raise Refused([FieldError("file", "unreadable", str(error))]) from error


def _found_file(tenant_id: int, file_id: str | None, findings: Findings) -> RecipientFile:
    file = RecipientFile.objects.filter(tenant_id=tenant_id, pk=_number(file_id or "")).first()
    if file is None:
        findings.add("fileId", "not_found" if file_id else "required", "fileId must name an uploaded file.")
        findings.raise_if_any()
        raise Http404
    return file


def _out(row: Row) -> shapes.CampaignOut:
    return shapes.CampaignOut(**shapes.fields_of(row))  # type: ignore[arg-type]  # named there


def _detail(row: Row) -> shapes.CampaignDetail:
    runs = row.runs.select_related("bulk", "campaign__file").order_by("-planned_at")[:MOST_RUNS]
    shown = [shapes.run_out(run_status(run)) for run in runs]
    return shapes.CampaignDetail(**shapes.fields_of(row), runs=shown)  # type: ignore[arg-type]


def _by(caller: Principal) -> str:
    return f"API key {caller.key_id}"
