"""What all views of REST v1 share."""

from typing import Any, ClassVar

import msgspec
from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest, HttpResponse
from rest_framework.negotiation import BaseContentNegotiation
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from gateway.api import problems
from gateway.api.keys import HasScope, KeyAuthentication, KeyLimit
from tenants.rate_limit import Allowance

MOST_DRAINED = 64 << 20
CHUNK = 1 << 16
_encode = msgspec.json.Encoder().encode


class AlwaysJson(BaseContentNegotiation):
    """There is one representation; whatever a client says it accepts, it gets that one."""

    def select_parser(self, request: Request, parsers: Any) -> Any:
        """Return no parser: views read the raw body."""
        return None

    def select_renderer(self, request: Request, renderers: Any, format_suffix: Any = None) -> Any:
        """Return the only renderer."""
        return renderers[0], renderers[0].media_type


class ApiView(APIView):
    """A view of REST v1; `scopes` names the scope each method asks for (None: any key)."""

    authentication_classes = [KeyAuthentication]
    permission_classes = [HasScope]
    throttle_classes = [KeyLimit]
    content_negotiation_class = AlwaysJson
    http_method_names = ["get", "head", "post", "put", "delete"]
    scopes: ClassVar[dict[str, str | None]] = {}
    allowance: Allowance | None = None

    def get_exception_handler(self) -> Any:
        """Return the one place that translates errors."""
        return problems.handle

    def finalize_response(self, request: Request, response: Any, *args: Any, **kwargs: Any) -> Response:
        """Add the rate limit's headers."""
        answer: Response = super().finalize_response(request, response, *args, **kwargs)
        if self.allowance is not None:
            answer["RateLimit-Limit"] = str(self.allowance.limit)
            answer["RateLimit-Remaining"] = str(self.allowance.remaining)
            answer["RateLimit-Reset"] = str(self.allowance.reset_s)
        return answer


def reply(data: Any, status: int = 200, headers: dict[str, str] | None = None) -> HttpResponse:
    """Return `data` (structs, dicts) as JSON."""
    return HttpResponse(_encode(data), status=status, content_type="application/json", headers=headers)


def raw_body(request: Request) -> bytes:
    """Return the body's bytes. Raises RequestDataTooBig above 8 MiB."""
    plain: HttpRequest = request._request
    try:
        return plain.body
    except RequestDataTooBig:
        # A client that is still writing would see a broken connection instead of the answer.
        for _ in range(MOST_DRAINED // CHUNK):
            if not plain.read(CHUNK):
                break
        raise
