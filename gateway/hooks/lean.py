"""A short way for webhooks: thousands a second come in, and none needs sessions, languages or CSRF tokens."""

from collections.abc import Callable, Iterable
from typing import Any

import structlog
from django.core.handlers.wsgi import WSGIRequest
from django.db import connection
from django.http import Http404, HttpResponse
from django.urls import resolve

PREFIX = "/hooks/"
log = structlog.get_logger(__name__)
Application = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]


def with_short_way(application: Application) -> Application:
    """Return `application` with what lies under /hooks/ answered by its view alone, without middleware."""

    def answer(wsgi: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        if not wsgi.get("PATH_INFO", "").startswith(PREFIX):
            return application(wsgi, start_response)
        response = _answer(WSGIRequest(wsgi))
        headers = [*response.headers.items(), ("Content-Length", str(len(response.content)))]
        start_response(f"{response.status_code} {response.reason_phrase}", headers)
        return [response.content]

    return answer


def _answer(request: WSGIRequest) -> HttpResponse:
    try:
        match = resolve(request.path_info)
        response: HttpResponse = match.func(request, *match.args, **match.kwargs)
    except Http404:
        return HttpResponse(status=404)
    except Exception:
        # The provider repeats what was not answered by 200; a dead connection must not meet the repetition.
        # The last part of the address is its secret.
        log.exception("hook.failed", path=request.path.rpartition("/")[0])
        connection.close()
        return HttpResponse(status=503)
    return response
