"""Every route of the API with the other tenant's key, with each missing scope, and without a key."""

import json
from datetime import timedelta
from io import BytesIO
from typing import Any, NamedTuple

import pytest
from django.core.files.base import ContentFile
from django.test import Client
from django.test.client import MULTIPART_CONTENT

from gateway.api.urls import urlpatterns
from gateway.api.view import ApiView
from messaging.campaigns.creating import create
from messaging.campaigns.files import store_file
from messaging.campaigns.request import CampaignIn
from messaging.intake.request import Options
from messaging.models import RecipientMark
from messaging.recipients.marks import suppress
from tenants.clock import now
from tenants.models import ApiKey
from tests import factories
from tests.gateway.api.conftest import Api

Scope = ApiKey.Scope


class Route(NamedTuple):
    """`other` is what another tenant's key with all scopes gets for our object."""

    method: str
    path: str
    scope: str | None
    other: int
    body: dict[str, Any] | None = None


TABLE = b"to,customer\n0987654321,An\n"
BODY = {"messages": [{"to": "0987654321", "templateId": "ours", "templateData": {"customer": "An"}}]}
ROUTES = [
    Route("POST", "/v1/messages", Scope.SEND, 422, BODY),
    Route("POST", "/v1/messages/preview", Scope.SEND, 422, BODY),
    Route("GET", "/v1/messages", Scope.READ, 200),
    Route("GET", "/v1/messages/{message}", Scope.READ, 404),
    Route("GET", "/v1/messages/{message}?reveal=true", Scope.REVEAL, 404),
    Route("POST", "/v1/messages/{message}/cancel", Scope.SEND, 404),
    Route("GET", "/v1/bulks", Scope.READ, 200),
    Route("GET", "/v1/bulks/{bulk}", Scope.READ, 404),
    Route("PUT", "/v1/bulks/{bulk}", Scope.SEND, 404, {}),
    Route("PUT", "/v1/bulks/{bulk}/status", Scope.SEND, 404, {"status": "PAUSED"}),
    Route("GET", "/v1/templates", Scope.TEMPLATES_READ, 200),
    Route("GET", "/v1/templates/ours", Scope.TEMPLATES_READ, 404),
    Route("POST", "/v1/templates/sync", Scope.TEMPLATES_SYNC, 200),
    Route("GET", "/v1/official-accounts/{oa}/quota", Scope.QUOTA, 404),
    Route("GET", "/v1/usage", Scope.QUOTA, 200),
    Route("GET", "/v1/alerts", Scope.READ, 200),
    Route("GET", "/v1/me", None, 200),
    Route("POST", "/v1/suppressions", Scope.SUPPRESSIONS_WRITE, 201, {"to": ["0987654321"]}),
    Route("GET", "/v1/suppressions", Scope.SUPPRESSIONS_READ, 200),
    Route("DELETE", "/v1/suppressions?to=0987654321", Scope.SUPPRESSIONS_WRITE, 200),
    Route("DELETE", "/v1/suppressions/{mark}", Scope.SUPPRESSIONS_WRITE, 404),
    Route("GET", "/v1/recipients/0987654321", Scope.SUPPRESSIONS_READ, 200),
    Route("DELETE", "/v1/recipients/0987654321/memory", Scope.SUPPRESSIONS_WRITE, 200),
    Route("POST", "/v1/recipients/0987654321/erase", Scope.ERASE, 200),
    Route("POST", "/v1/recipient-files", Scope.SEND, 201),
    Route("POST", "/v1/campaigns", Scope.SEND, 422, {"name": "x", "templateId": "ours", "fileId": "{file}"}),
    Route("GET", "/v1/campaigns", Scope.READ, 200),
    Route("GET", "/v1/campaigns/{campaign}", Scope.READ, 404),
    Route("PUT", "/v1/campaigns/{campaign}", Scope.SEND, 404, {"sendingSpeedLimit": None}),
    Route("PUT", "/v1/campaigns/{campaign}/status", Scope.SEND, 404, {"status": "PAUSED"}),
    Route("GET", "/v1/campaigns/{campaign}/preview", Scope.REVEAL, 404),
    Route("POST", "/v1/campaigns/{campaign}/test", Scope.SEND, 404, {"to": "0987654321"}),
    Route("GET", "/v1/campaigns/{campaign}/results", Scope.READ, 404),
    Route("GET", "/v1/campaigns/{campaign}/results?reveal=true", Scope.REVEAL, 404),
    Route("GET", "/v1/campaigns/{campaign}/problems", Scope.READ, 404),
]
each_route = pytest.mark.parametrize("route", ROUTES, ids=lambda route: f"{route.method} {route.path}")


@pytest.fixture
def ours(db):
    return factories.sending_tenant("bakery", code="ours")


@pytest.fixture
def call(ours):
    """Make a route's call with a key; the message, its bulk, account, opt-out, file and campaign are ours."""
    accepted = Api(factories.api_key(ours).token).post("/v1/messages", BODY).json()
    sent, bulk = accepted["messages"][0]["messageId"], accepted["bulkId"]
    oa = ours.accounts.get().official_account.oa_id
    suppress(ours.pk, ["84987000001"])
    mark = RecipientMark.objects.get().pk

    file = store_file(ours.pk, "x.csv", BytesIO(TABLE))
    wanted = CampaignIn(name="x", template_id="ours", options=Options(send_at=now() + timedelta(hours=1)))
    campaign = create(ours.pk, wanted, file, "test", test=False).pk

    def make(route, client):
        path = route.path.format(message=sent, bulk=bulk, oa=oa, mark=mark, campaign=campaign)
        if path.endswith("-files"):
            return client.post(path, {"file": ContentFile(TABLE, "x.csv")}, content_type=MULTIPART_CONTENT)
        verb = getattr(client, route.method.lower())
        body = json.loads(json.dumps(route.body).replace("{file}", str(file.pk)))
        return verb(path, body) if route.method in ("POST", "PUT") else verb(path)

    return make


def test_every_route_has_a_row():
    shown = set()
    for pattern in urlpatterns:
        view = getattr(pattern.callback, "view_class", None)
        if view is not None and issubclass(view, ApiView):
            shown |= {(method, pattern.name) for method in view.scopes}
            methods = {name for name in ("get", "post", "put", "delete") if hasattr(view, name)}
            assert {method.lower() for method in view.scopes} == methods
    assert len(shown) == len([route for route in ROUTES if "reveal" not in route.path])


@each_route
def test_another_tenants_key_finds_nothing_of_ours(route, call):
    stranger = Api(factories.api_key(factories.TenantFactory.create()).token)
    answer = call(route, stranger)
    assert answer.status_code == route.other
    assert "bakery" not in answer.content.decode()
    assert '"ours"' not in answer.content.decode()


@each_route
def test_a_key_without_the_scope_is_turned_away(route, call, ours):
    rest = [scope for scope in Scope.values if scope != route.scope]
    answer = call(route, Api(factories.api_key(ours, *rest).token))
    if route.scope is None:
        assert answer.status_code == 200
    else:
        assert answer.status_code == 403
        assert answer.json()["detail"] == f"The API key lacks the scope {route.scope}."


@pytest.mark.parametrize("route", [r for r in ROUTES if r.method == "GET" and r.scope], ids=lambda r: r.path)
def test_head_asks_for_the_scope_of_get(route, call, ours):
    rest = [scope for scope in Scope.values if scope != route.scope]
    stranger = Client(headers={"authorization": f"Bearer {factories.api_key(ours, *rest).token}"})

    class Head:
        def get(self, path):
            return stranger.head(path)

    assert call(route, Head()).status_code == 403


@each_route
def test_nobody_gets_in_without_a_key(route, call):
    class Nobody:
        def get(self, path):
            return Client().get(path)

        def delete(self, path):
            return Client().delete(path)

        def post(self, path, body, content_type="application/json"):
            return Client().post(path, body, content_type=content_type)

        def put(self, path, body):
            return Client().put(path, body, content_type="application/json")

    answer = call(route, Nobody())
    assert answer.status_code == 401
    assert answer["WWW-Authenticate"].startswith("Bearer")
    assert answer["Content-Type"] == "application/problem+json"


@each_route
def test_a_scope_lets_its_routes_through(route, call, ours):
    scopes = [Scope.READ, route.scope] if route.scope else [Scope.READ]
    answer = call(route, Api(factories.api_key(ours, *scopes).token))
    assert answer.status_code in (200, 201, 202)
