"""A short way for sending: the call that counts needs no session, no language, no CSRF token and no URL table."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from gateway.api.messages import Messages

PATH = "/v1/messages"
_send = Messages.as_view()


class ShortWayMiddleware:
    """Answers POST /v1/messages by its view; to stand behind what gives the request's id and what guards transport."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Return the view's answer with its length, or that of everything behind this middleware."""
        if request.method != "POST" or request.path_info != PATH:
            return self._get_response(request)
        response = _send(request)
        response["Content-Length"] = str(len(response.content))
        return response
