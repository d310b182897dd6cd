"""Opt-outs: whom not to send to."""

from django.http import Http404, HttpResponse
from rest_framework.request import Request

from gateway.api.keys import principal
from gateway.api.query import known_only, next_path, read_limit, read_phone
from gateway.api.recipient_shapes import Lifted, MarkOut, Suppressed, SuppressionPage
from gateway.api.schema import describe, parameter
from gateway.api.view import ApiView, raw_body, reply
from messaging.content import mask_phone
from messaging.intake.decode import decode_part
from messaging.intake.errors import Findings
from messaging.models import RecipientMark
from messaging.recipients import marks
from messaging.recipients.requests import SuppressRequest, numbers_in, reach_of
from messaging.states import MessageClass
from tenants.models import ApiKey, Channel

Scope = ApiKey.Scope
TO = parameter("to", "A phone number.")


class Suppressions(ApiView):
    """POST adds, GET lists, DELETE lifts those of one number."""

    scopes = {"GET": Scope.SUPPRESSIONS_READ, "POST": Scope.SUPPRESSIONS_WRITE, "DELETE": Scope.SUPPRESSIONS_WRITE}

    @describe("addSuppressions", {201: Suppressed}, takes=SuppressRequest, problems=(400, 413, 422))
    def post(self, request: Request) -> HttpResponse:
        """Stop sending to 1 to 10,000 persons, all or none; what waits for them stops too. Repeating it renews it."""
        findings = Findings()
        asked = decode_part(raw_body(request), SuppressRequest, findings)
        phones = numbers_in(asked.to or (), findings)
        reach = reach_of(asked, findings)
        findings.raise_if_any()
        tenant_id = principal(request).tenant_id
        return reply(
            Suppressed(marks.suppress(tenant_id, phones, reach, note=asked.note or "", until=asked.until)), 201
        )

    @describe(
        "listSuppressions",
        {200: SuppressionPage},
        problems=(422,),
        parameters=[
            TO,
            parameter("limit", "Opt-outs a page, 1 to 1000; 100 if not given.", int),
            parameter("after", "Where the page starts; part of `next`."),
        ],
    )
    def get(self, request: Request) -> HttpResponse:
        """List the opt-outs that hold now, newest first; numbers are masked."""
        known_only(request.GET, "to", "limit", "after")
        limit, tenant_id = read_limit(request.GET), principal(request).tenant_id
        rows = marks.holding(tenant_id).filter(kind=RecipientMark.Kind.SUPPRESSION).order_by("-pk")
        if "to" in request.GET:
            rows = rows.filter(recipient_hash=marks.hash_of(tenant_id, read_phone(request.GET, "to")))
        if "after" in request.GET:
            rows = rows.filter(pk__lt=_number(request.GET["after"]))
        found = list(rows[: limit + 1])
        last = next_path(request.path, request.GET, str(found[limit - 1].pk) if len(found) > limit else None)
        return reply(SuppressionPage(suppressions=shown(found[:limit]), next=last))

    @describe("liftSuppressions", {200: Lifted}, problems=(422,), parameters=[TO])
    def delete(self, request: Request) -> HttpResponse:
        """Lift every opt-out of the number in `to`."""
        known_only(request.GET, "to")
        phone = read_phone(request.GET, "to")
        return reply(Lifted(count=marks.lift(principal(request).tenant_id, phone, RecipientMark.Kind.SUPPRESSION)))


class Suppression(ApiView):
    """One opt-out."""

    scopes = {"DELETE": Scope.SUPPRESSIONS_WRITE}

    @describe("liftSuppression", {200: Lifted}, problems=(404,))
    def delete(self, request: Request, mark_id: str) -> HttpResponse:
        """Lift the opt-out."""
        known_only(request.GET)
        rows = RecipientMark.objects.filter(tenant_id=principal(request).tenant_id, pk=_number(mark_id))
        count, _ = rows.filter(kind=RecipientMark.Kind.SUPPRESSION).delete()
        if not count:
            raise Http404
        return reply(Lifted(count=count))


def _number(text: str) -> int:
    """Return an id, 0 for what is none."""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 19 else 0


def shown(rows: list[RecipientMark]) -> list[MarkOut]:
    """Return marks of one tenant as the API shows them."""
    accounts = {row.account_id for row in rows if row.account_id}
    channels: dict[int, list[str]] = {}
    if accounts:
        named = Channel.objects.filter(tenant_id=rows[0].tenant_id, account__in=accounts).order_by("name")
        for account_id, name in named.values_list("account_id", "name"):
            channels.setdefault(account_id, []).append(name)
    return [_shown(row, channels.get(row.account_id or 0, [])) for row in rows]


def _shown(row: RecipientMark, channels: list[str]) -> MarkOut:
    phone = marks.phone_of(row)
    return MarkOut(
        id=str(row.pk),
        to=mask_phone(phone) if phone else None,
        kind=row.kind,
        reason=row.reason,
        code=row.code or None,
        note=row.note or None,
        message_class=MessageClass(row.message_class).queue if row.message_class else None,
        channel_kind=row.channel_kind or None,
        channels=channels,
        since=row.created_at,
        until=row.expires_at,
    )
