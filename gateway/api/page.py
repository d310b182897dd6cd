"""The API's description as a page that needs nothing but itself: no script, no other host."""

import json
from functools import lru_cache
from typing import Any, NamedTuple

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe
from drf_spectacular.generators import SchemaGenerator

_PREFIX = "#/components/schemas/"


class Field(NamedTuple):
    """One line of a table of fields or parameters."""

    name: str
    kind: str
    link: str
    required: bool
    limits: str
    description: str


class Operation(NamedTuple):
    """One call of the API."""

    id: str
    method: str
    path: str
    description: str
    parameters: list[Field]
    takes: str
    example: str
    answers: list[tuple[str, str, str]]


@require_safe
def page(request: HttpRequest) -> HttpResponse:
    """Show every call and every structure."""
    return render(request, "gateway/api.html", _content())


@lru_cache(maxsize=1)
def _content() -> dict[str, Any]:
    document = SchemaGenerator().get_schema(request=None, public=True)  # type: ignore[no-untyped-call]
    operations = [
        _operation(method, path, found)
        for path, methods in sorted(document["paths"].items())
        for method, found in methods.items()
    ]
    schemas = {
        name: (schema.get("description", ""), _fields(schema), schema.get("enum"))
        for name, schema in sorted(document["components"]["schemas"].items())
    }
    return {"info": document["info"], "operations": operations, "schemas": schemas}


def _operation(method: str, path: str, found: dict[str, Any]) -> Operation:
    body = found.get("requestBody", {}).get("content", {}).get("application/json", {})
    example = next((item["value"] for item in body.get("examples", {}).values()), None)
    answers = []
    for status, answer in found["responses"].items():
        schema: dict[str, Any] = next((media["schema"] for media in answer.get("content", {}).values()), {})
        answers.append((status, _kind(schema)[1], answer.get("description", "")))
    return Operation(
        id=found["operationId"],
        method=method.upper(),
        path=path,
        description=found.get("description", ""),
        parameters=[
            _field(p["name"], p["schema"], p.get("required", False), p.get("description", ""))
            for p in found.get("parameters", [])
        ],
        takes=_kind(body.get("schema", {}))[1],
        example=json.dumps(example, indent=2, ensure_ascii=False) if example else "",
        answers=answers,
    )


def _fields(schema: dict[str, Any]) -> list[Field]:
    required = set(schema.get("required", ()))
    return [_field(name, found, name in required, "") for name, found in schema.get("properties", {}).items()]


def _field(name: str, schema: dict[str, Any], required: bool, description: str) -> Field:
    kind, link = _kind(schema)
    inner = next((arm for arm in schema.get("anyOf", ()) if arm.get("type") != "null"), schema)
    words = {"minLength": "at least", "maxLength": "at most", "minimum": "from", "maximum": "to"}
    limits = ", ".join(f"{word} {inner[key]}" for key, word in words.items() if key in inner)
    return Field(name, kind, link, required, limits, description or inner.get("description", ""))


def _kind(schema: dict[str, Any]) -> tuple[str, str]:
    """Return how a schema is called, and the structure it leads to."""
    if "$ref" in schema:
        name = schema["$ref"].removeprefix(_PREFIX)
        return name, name
    if "anyOf" in schema:
        arms = [_kind(arm) for arm in schema["anyOf"]]
        return " or ".join(kind for kind, _ in arms), next((link for _, link in arms if link), "")
    if schema.get("type") == "array":
        kind, link = _kind(schema.get("items", {}))
        return f"array of {kind}", link
    if "enum" in schema:
        return " or ".join(json.dumps(value) for value in schema["enum"]), ""
    kind = str(schema.get("type", ""))
    return f"{kind} ({schema['format']})" if "format" in schema else kind, ""
