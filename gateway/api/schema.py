"""OpenAPI from the code: the structs that decode and encode are the schemas, views say what they take and give."""

import inspect
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Literal, TypeVar

import msgspec
from drf_spectacular.extensions import OpenApiAuthenticationExtension
from drf_spectacular.utils import OpenApiExample, OpenApiParameter, OpenApiResponse, extend_schema
from rest_framework.request import Request

from gateway.api import (
    bulk_shapes,
    campaign_shapes,
    preview_shapes,
    recipient_shapes,
    shapes,
    template_shapes,
    usage_shapes,
)
from gateway.api.keys import KeyAuthentication
from messaging.bulks.changing import BulkChange
from messaging.campaigns.request import CampaignIn
from messaging.intake.request import SendRequest
from messaging.recipients.requests import SuppressRequest

JSON = "application/json"
PROBLEM = "application/problem+json"
MULTIPART = "multipart/form-data"
CSV = "text/csv"
REF = "#/components/schemas/{name}"
SHOWN = (
    SendRequest,
    shapes.AcceptedBulk,
    shapes.MessageDetail,
    shapes.MessagePage,
    bulk_shapes.BulkDetail,
    bulk_shapes.BulkPage,
    bulk_shapes.BulkStatus,
    BulkChange,
    template_shapes.TemplateOut,
    template_shapes.TemplatePage,
    template_shapes.SyncOut,
    template_shapes.QuotaOut,
    template_shapes.Me,
    usage_shapes.UsageOut,
    usage_shapes.AlertPage,
    preview_shapes.WaysOut,
    SuppressRequest,
    recipient_shapes.SuppressionPage,
    recipient_shapes.Suppressed,
    recipient_shapes.Lifted,
    recipient_shapes.RecipientOut,
    recipient_shapes.ErasedOut,
    CampaignIn,
    campaign_shapes.RecipientFileOut,
    campaign_shapes.CampaignDetail,
    campaign_shapes.CampaignPage,
    campaign_shapes.CampaignChange,
    campaign_shapes.CampaignStatusIn,
    campaign_shapes.PreviewOut,
    campaign_shapes.TestIn,
    campaign_shapes.TestSent,
    shapes.ProblemOut,
)
_PROBLEMS = {
    400: "The body is no JSON, or a header is malformed.",
    401: "No valid API key.",
    403: "The key lacks the scope, or is not allowed from this address.",
    404: "There is no such object of this tenant.",
    409: "The object's state, or a request still running, is in the way.",
    413: "The body is over 8 MiB.",
    422: "Fields are not valid; each is named.",
    429: "The key's rate limit is used up; see Retry-After.",
}
_EVERYWHERE = (401, 403, 429)
V = TypeVar("V", bound=Callable[..., Any])


class KeyScheme(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]
    """How KeyAuthentication is written down."""

    target_class = KeyAuthentication
    name = "apiKey"

    def get_security_definition(self, auto_schema: Any) -> dict[str, Any]:
        """Return the security scheme."""
        return {"type": "http", "scheme": "bearer", "description": "An API key; `App <key>` is taken as well."}


def describe(
    name: str,
    gives: Mapping[int, type],
    *,
    takes: type | None = None,
    uploads: bool = False,
    problems: Sequence[int] = (),
    parameters: Sequence[OpenApiParameter] = (),
    examples: Sequence[OpenApiExample] = (),
) -> Callable[[V], V]:
    """Write down what a view's method takes and gives: structs by status, and the problems it may answer with.

    `name` is the operation's id; the method's docstring is its description. `uploads`: it takes a multipart body with
    the part `file`, where it takes a struct with that as JSON in the part `campaign`.
    """
    responses: dict[tuple[int, str], Any] = {
        (status, JSON): OpenApiResponse(_ref(kind), inspect.cleandoc(kind.__doc__ or ""))
        for status, kind in gives.items()
    }
    bodies: dict[str, Any] = {JSON: _ref(takes)} if takes else {}
    if uploads:
        bodies[MULTIPART] = _parts(takes)
    decorate: Callable[[V], V] = extend_schema(
        operation_id=name,
        request=bodies or None,
        responses=responses | _problem_responses(problems),
        parameters=list(parameters),
        examples=list(examples),
    )
    return decorate


def describe_csv(
    name: str, *, problems: Sequence[int] = (), parameters: Sequence[OpenApiParameter] = ()
) -> Callable[[V], V]:
    """Write down that a view's method gives a CSV file."""
    lines = OpenApiResponse({"type": "string"}, "The lines, the first naming the columns.")
    responses: dict[tuple[int, str], Any] = {(200, CSV): lines}
    decorate: Callable[[V], V] = extend_schema(
        operation_id=name, responses=responses | _problem_responses(problems), parameters=list(parameters)
    )
    return decorate


def _problem_responses(problems: Sequence[int]) -> dict[tuple[int, str], Any]:
    return {
        (status, PROBLEM): OpenApiResponse(_ref(shapes.ProblemOut), _PROBLEMS[status])
        for status in sorted({*problems, *_EVERYWHERE})
    }


def _parts(takes: type | None) -> dict[str, Any]:
    parts: dict[str, Any] = {"file": {"type": "string", "format": "binary", "description": "CSV (UTF-8) or XLSX."}}
    if takes:
        parts["campaign"] = _ref(takes)
    return {"type": "object", "properties": parts, "required": list(parts)}


def parameter(
    name: str, description: str, kind: type = str, where: Literal["query", "header"] = "query"
) -> OpenApiParameter:
    """Return an optional parameter of a call."""
    return OpenApiParameter(name, kind, where, description=description)


def with_components(result: dict[str, Any], generator: Any, request: Request | None, public: bool) -> dict[str, Any]:
    """Add the structs to a generated document (drf-spectacular's POSTPROCESSING_HOOKS)."""
    _, components = msgspec.json.schema_components(SHOWN, ref_template=REF)
    result.setdefault("components", {}).setdefault("schemas", {}).update(components)
    return result


def _ref(kind: type) -> dict[str, Any]:
    return {"$ref": REF.format(name=kind.__name__)}
