from typing import Any

from django.test import Client
from drf_spectacular.validation import validate_schema

from gateway.api.urls import urlpatterns
from gateway.api.view import ApiView


def document() -> dict[str, Any]:
    answer = Client().get("/v1/schema")
    assert answer.status_code == 200
    found: dict[str, Any] = answer.json()
    return found


def test_the_description_is_valid_openapi_3_1():
    found = document()
    assert found["openapi"].startswith("3.1")
    validate_schema(found)  # type: ignore[no-untyped-call]


def test_every_call_is_described():
    described = {(path, method.upper()) for path, methods in document()["paths"].items() for method in methods}
    routes = set()
    for pattern in urlpatterns:
        view = getattr(pattern.callback, "view_class", None)
        if view is not None and issubclass(view, ApiView):
            path = "/v1/" + str(pattern.pattern).replace("<str:", "{").replace(">", "}")
            routes |= {(path, method) for method in view.scopes}
    assert described == routes


def test_every_reference_leads_somewhere():
    found = document()
    text = str(found)
    names = {part.split("'")[0] for part in text.split("#/components/schemas/")[1:]}
    assert names <= set(found["components"]["schemas"])
    assert "SendRequest" in names


def test_the_page_shows_every_call_without_other_hosts():
    page = Client().get("/docs").content.decode()
    for path in document()["paths"]:
        assert path in page
    assert "<script" not in page
    assert "https://" not in page
