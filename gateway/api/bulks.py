"""Bulks: how far they are, and steering them while they run."""

from uuid import UUID

from django.http import Http404, HttpResponse
from rest_framework.request import Request

from gateway.api.bulk_shapes import BulkDetail, BulkOut, BulkPage, BulkStatus, shown, words
from gateway.api.keys import principal
from gateway.api.problems import Problem
from gateway.api.query import known_only, next_path, read_after
from gateway.api.schema import describe, parameter
from gateway.api.view import ApiView, raw_body, reply
from messaging.bulks.changing import BulkChange, change_bulk
from messaging.bulks.errors import CannotChange, NoSuchBulk, Why
from messaging.bulks.progress import count_by_state, estimate_end
from messaging.bulks.reading import list_bulks, read_bulk
from messaging.bulks.status import set_status
from messaging.intake.decode import decode_part
from messaging.intake.errors import FieldError, Findings, Refused
from messaging.models import Bulk as BulkRow
from tenants.models import ApiKey

Scope = ApiKey.Scope
_STATUSES = {state.value: state for state in BulkRow.Progress if state is not BulkRow.Progress.FINISHED}
_WHY = {
    Why.FINISHED: "Each message of the bulk has ended; nothing is left to change.",
    Why.CANCELED: "The bulk was cancelled; nothing is left to change.",
    Why.LOADING: "A campaign still loads its recipients; it goes on when all are loaded.",
}
PAGE = [
    parameter("limit", "Bulks a page, 1 to 1000; 100 if not given.", int),
    parameter("after", "Where the page starts; part of `next`."),
]


class Bulks(ApiView):
    """The tenant's bulks."""

    scopes = {"GET": Scope.READ}

    @describe("listBulks", {200: BulkPage}, problems=(422,), parameters=PAGE)
    def get(self, request: Request) -> HttpResponse:
        """List bulks, newest first."""
        known_only(request.GET, "limit", "after")
        after, limit = read_after(request.GET)
        rows, last = list_bulks(principal(request).tenant_id, after, limit)
        path = next_path(request.path, request.GET, last.hex if last else None)
        return reply(BulkPage(bulks=[BulkOut(**shown(row)) for row in rows], next=path))


class Bulk(ApiView):
    """One bulk."""

    scopes = {"GET": Scope.READ, "PUT": Scope.SEND}
    http_method_names = ["get", "head", "put"]

    @describe("getBulk", {200: BulkDetail}, problems=(404,))
    def get(self, request: Request, bulk_id: str) -> HttpResponse:
        """Return the bulk with its progress."""
        return reply(_detail(principal(request).tenant_id, _id(bulk_id)))

    @describe("changeBulk", {200: BulkDetail}, takes=BulkChange, problems=(400, 404, 409, 413, 422))
    def put(self, request: Request, bulk_id: str) -> HttpResponse:
        """Change when, in which window and how fast the rest of the bulk goes; an absent field stays, null clears.

        Holds within a second, also while the bulk runs. 409 where the bulk is over.
        """
        tenant_id, id = principal(request).tenant_id, _id(bulk_id)
        try:
            change_bulk(tenant_id, id, raw_body(request))
        except NoSuchBulk as error:
            raise Http404 from error
        except CannotChange as error:
            raise _conflict(error) from error
        return reply(_detail(tenant_id, id))


class BulkState(ApiView):
    """Whether the bulk goes on."""

    scopes = {"PUT": Scope.SEND}
    http_method_names = ["put"]

    @describe("changeBulkStatus", {200: BulkDetail}, takes=BulkStatus, problems=(400, 404, 409, 413, 422))
    def put(self, request: Request, bulk_id: str) -> HttpResponse:
        """Pause the bulk (PAUSED), let it go on (PROCESSING), or take back what has not left (CANCELED).

        What a provider is being handed goes on to its end. A large bulk is taken back within seconds; its progress
        shows how far that is. 409 where the bulk is over.
        """
        caller, id = principal(request), _id(bulk_id)
        try:
            set_status(caller.tenant_id, id, _status(raw_body(request)), f"API key {caller.key_id}")
        except NoSuchBulk as error:
            raise Http404 from error
        except CannotChange as error:
            raise _conflict(error) from error
        return reply(_detail(caller.tenant_id, id))


def _detail(tenant_id: int, bulk_id: UUID) -> BulkDetail:
    bulk = read_bulk(tenant_id, bulk_id)
    if bulk is None:
        raise Http404
    by_state = count_by_state(bulk)
    return BulkDetail(**shown(bulk), by_state=words(by_state), eta_at=estimate_end(bulk, by_state))


def _status(body: bytes) -> BulkRow.Progress:
    findings = Findings()
    wanted = decode_part(body, BulkStatus, findings)
    findings.raise_if_any()
    if wanted.status not in _STATUSES:
        message = f"status must be one of {', '.join(sorted(_STATUSES))}."
        raise Refused([FieldError("status", "invalid", message)])
    return _STATUSES[wanted.status]


def _conflict(error: CannotChange) -> Problem:
    return Problem(409, error.why.lower().replace("_", "-"), "Cannot be changed", _WHY[error.why])


def _id(text: str) -> UUID:
    try:
        return UUID(text) if len(text) in (32, 36) else _missing()
    except ValueError:
        return _missing()


def _missing() -> UUID:
    raise Http404
