"""The rows of a campaign: what one would become, a test with one, and what became of all of them."""

import structlog
from django.http import Http404, HttpResponse, StreamingHttpResponse
from rest_framework.request import Request

from gateway.api import campaign_shapes as shapes
from gateway.api.campaigns import conflict, found_campaign
from gateway.api.keys import principal, require_scope
from gateway.api.present import sms_parts
from gateway.api.problems import Problem
from gateway.api.query import known_only
from gateway.api.schema import describe, describe_csv, parameter
from gateway.api.view import ApiView, raw_body, reply
from messaging.campaigns.checking import NotSendable
from messaging.campaigns.errors import Conflict
from messaging.campaigns.files import FIRST_ROW
from messaging.campaigns.preview import preview, send_test
from messaging.campaigns.results import problem_lines, result_lines
from messaging.intake.decode import decode_part
from messaging.intake.errors import FieldError, Findings, Refused
from messaging.models import Campaign, CampaignRun
from tenants.models import ApiKey

Scope = ApiKey.Scope
log = structlog.get_logger("audit")
RUN = parameter("runId", "The run; the latest if not given.")


class CampaignPreview(ApiView):
    """Looking at a row before it is sent."""

    scopes = {"GET": Scope.REVEAL}

    @describe(
        "previewCampaign",
        {200: shapes.PreviewOut},
        problems=(404, 409, 422),
        parameters=[parameter("row", "The row as a spreadsheet numbers it; the first below the names is 2.", int)],
    )
    def get(self, request: Request, campaign_id: str) -> HttpResponse:
        """Return what a row of the file would become, in clear."""
        known_only(request.GET, "row")
        campaign = found_campaign(principal(request).tenant_id, campaign_id)
        try:
            found = preview(campaign, _row(request.GET.get("row", str(FIRST_ROW))))
        except NotSendable as error:
            raise Problem(409, "not-sendable", "Cannot be sent", str(error)) from error
        if found is None:
            raise Http404
        problems = [shapes.ProblemRow(row=p.row, column=p.column or None, code=p.code, message=p.message)
                    for p in found.problems]  # fmt: skip
        return reply(
            shapes.PreviewOut(
                row=found.row,
                to=found.to,
                template_data=found.values,
                channel=found.channel,
                leaves_at=found.leaves_at,
                sms=sms_parts(found.sms),
                problems=problems,
            )
        )


class CampaignTest(ApiView):
    """Trying a campaign on oneself."""

    scopes = {"POST": Scope.SEND}

    @describe("testCampaign", {202: shapes.TestSent}, takes=shapes.TestIn, problems=(400, 404, 409, 413, 422))
    def post(self, request: Request, campaign_id: str) -> HttpResponse:
        """Send a row's message to a number of one's own, at once, over the campaign's route."""
        caller = principal(request)
        campaign = found_campaign(caller.tenant_id, campaign_id)
        findings = Findings()
        wanted = decode_part(raw_body(request), shapes.TestIn, findings)
        findings.raise_if_any()
        test = caller.mode == ApiKey.Mode.TEST or campaign.test
        try:
            return reply(shapes.TestSent(message_id=send_test(campaign, wanted.row, wanted.to, test=test)), 202)
        except Conflict as error:
            raise conflict(error) from error
        except NotSendable as error:
            raise Problem(409, "not-sendable", "Cannot be sent", str(error)) from error


class CampaignResults(ApiView):
    """What became of every row."""

    scopes = {"GET": Scope.READ}

    @describe_csv(
        "getCampaignResults",
        problems=(404, 422),
        parameters=[RUN, parameter("reveal", "true: phone numbers in clear; is noted.", bool)],
    )
    def get(self, request: Request, campaign_id: str) -> StreamingHttpResponse:
        """Return a CSV with a line for every row of the file: recipient (masked), state, reason and times."""
        known_only(request.GET, "runId", "reveal")
        caller = principal(request)
        reveal = request.GET.get("reveal") == "true"
        if reveal:
            require_scope(request, Scope.REVEAL)
        run = _run(found_campaign(caller.tenant_id, campaign_id), request.GET.get("runId"))
        if reveal:
            log.info("campaign.revealed", tenant=run.tenant_id, campaign=run.campaign_id, run=run.pk, by=caller.key_id)
        return _csv(result_lines(run, reveal=reveal), f"campaign-{run.campaign_id}-results.csv")


class CampaignProblems(ApiView):
    """Which rows became no message."""

    scopes = {"GET": Scope.READ}

    @describe_csv("getCampaignProblems", problems=(404, 422), parameters=[RUN])
    def get(self, request: Request, campaign_id: str) -> StreamingHttpResponse:
        """Return a CSV with a line for everything that is wrong with a row: row, column, code and words."""
        known_only(request.GET, "runId")
        run = _run(found_campaign(principal(request).tenant_id, campaign_id), request.GET.get("runId"))
        return _csv(problem_lines(run), f"campaign-{run.campaign_id}-problems.csv")


def _run(campaign: Campaign, text: str | None) -> CampaignRun:
    runs = campaign.runs.select_related("bulk").order_by("-planned_at")
    if text is not None:
        runs = runs.filter(pk=int(text) if text.isascii() and text.isdigit() and len(text) < 19 else 0)
    run = runs.first()
    if run is None:
        raise Http404
    return run


def _row(text: str) -> int:
    if not (text.isascii() and text.isdigit() and len(text) <= 8):
        raise Refused([FieldError("row", "invalid", "row must be a number, 2 for the first row below the names.")])
    return int(text)


def _csv(lines: object, name: str) -> StreamingHttpResponse:
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-store"}
    return StreamingHttpResponse(lines, content_type="text/csv; charset=utf-8", headers=headers)  # type: ignore[arg-type]
