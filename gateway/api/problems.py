"""Everything that can go wrong in a call, as problem details (RFC 9457)."""

from collections.abc import Callable
from typing import Any

import django.db
import msgspec
import psycopg
import structlog
from django.core.exceptions import RequestDataTooBig
from django.db import connection
from django.http import Http404, HttpRequest, HttpResponse
from rest_framework import exceptions
from rest_framework.views import set_rollback

from messaging.intake.errors import BodyDiffers, FieldError, NotJson, Refused, StillRunning

log = structlog.get_logger(__name__)
TYPE = "urn:notification-gateway:problem:"
MEDIA_TYPE = "application/problem+json"


class Problem(Exception):
    """Ends a call with a problem document; `errors` are bad fields, `headers` go with the answer."""

    def __init__(
        self,
        status: int,
        code: str,
        title: str,
        detail: str,
        *,
        errors: list[FieldError] | None = None,
        error_count: int = 0,
        headers: dict[str, str] | None = None,
    ) -> None:
        super().__init__(code)
        self.status = status
        self.headers = headers or {}
        self.document: dict[str, Any] = {
            "type": TYPE + code,
            "title": title,
            "status": status,
            "detail": detail,
        }
        if errors is not None:
            self.document["errors"] = [error._asdict() for error in errors]
            self.document["errorCount"] = error_count or len(errors)


def answer(problem: Problem) -> HttpResponse:
    """Return the problem as a response."""
    body = msgspec.json.encode(problem.document)
    return HttpResponse(body, status=problem.status, content_type=MEDIA_TYPE, headers=problem.headers)


def handle(error: Exception, context: dict[str, Any]) -> HttpResponse:
    """Translate whatever a view raised (DRF's EXCEPTION_HANDLER)."""
    set_rollback()
    if isinstance(error, Problem):
        return answer(error)
    for kind, translate in _TRANSLATIONS.items():
        if isinstance(error, kind):
            return answer(translate(error))
    log.exception("api.failed", exc_info=error)
    return answer(Problem(500, "internal", "Internal error", "The call failed on our side; it may be repeated."))


def not_found(request: HttpRequest, **_: Any) -> HttpResponse:
    """Answer every path under /v1 that is none."""
    return answer(_not_found())


def _not_found(_: Any = None) -> Problem:
    return Problem(404, "not-found", "Not found", "There is no such object.")


def _unauthenticated(error: exceptions.APIException) -> Problem:
    headers = {"WWW-Authenticate": 'Bearer realm="v1"'}
    return Problem(401, "unauthenticated", "Not signed in", str(error.detail), headers=headers)


def _refused(error: Refused) -> Problem:
    detail = f"{error.count} field{'s are' if error.count != 1 else ' is'} not valid; nothing was stored."
    return Problem(422, "invalid-fields", "Invalid fields", detail, errors=error.errors, error_count=error.count)


def _throttled(error: exceptions.Throttled) -> Problem:
    wait = max(1, int(getattr(error, "wait", None) or 1))
    headers = {"Retry-After": str(wait)}
    return Problem(429, "too-many-calls", "Too many calls", f"Call again in {wait} s.", headers=headers)


def _body_differs(_: BodyDiffers) -> Problem:
    detail = "This Idempotency-Key was used before with another body."
    return Problem(422, "idempotency-key-reused", "Idempotency-Key reused", detail)


def _still_running(_: StillRunning) -> Problem:
    detail = "The request that first used this Idempotency-Key has not ended yet."
    return Problem(409, "still-running", "Still running", detail, headers={"Retry-After": "1"})


def _unavailable(_: Exception) -> Problem:
    # Plain psycopg errors pass by Django's bookkeeping: without this a dead connection would be used again.
    if not connection.in_atomic_block:
        connection.close()
    detail = "The database does not answer; the call may be repeated."
    return Problem(503, "unavailable", "Unavailable", detail, headers={"Retry-After": "1"})


_TRANSLATIONS: dict[type[Exception], Callable[[Any], Problem]] = {
    NotJson: lambda error: Problem(400, "not-json", "Not JSON", str(error)),
    Refused: _refused,
    BodyDiffers: _body_differs,
    StillRunning: _still_running,
    Http404: _not_found,
    RequestDataTooBig: lambda _: Problem(413, "too-large", "Body too large", "A body may have at most 8 MiB."),
    exceptions.NotAuthenticated: _unauthenticated,
    exceptions.AuthenticationFailed: _unauthenticated,
    exceptions.PermissionDenied: lambda error: Problem(403, "forbidden", "Forbidden", str(error.detail)),
    exceptions.Throttled: _throttled,
    exceptions.MethodNotAllowed: lambda error: Problem(
        405, "method-not-allowed", "Method not allowed", str(error.detail)
    ),
    exceptions.APIException: lambda error: Problem(error.status_code, "invalid", "Invalid request", str(error.detail)),
    psycopg.OperationalError: _unavailable,
    django.db.OperationalError: _unavailable,
    django.db.InterfaceError: _unavailable,
}
