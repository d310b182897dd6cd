"""A message over the toy, from the REST call to the report, in a tree where the toy is a registered provider.

No part of the tests of every change: `test_added.py` makes such a tree and runs this file there.
"""

import json
from typing import Any
from uuid import UUID

import pytest
from django.test import Client
from django.urls import reverse

from messaging.models import RecipientMark, TemplateMapping
from messaging.states import State
from tenants.models import Channel, ProviderAccount, Route, RouteStep
from tenants.testing_settings import try_settings
from tests.factories import api_key, provider_account
from tests.messaging.carriers import forget
from tests.messaging.conftest import dispatchers, nothing_kept, world
from tests.messaging.world import World
from tests.providers.sandbox.conftest import sandbox, shared_sandbox

__all__ = ["dispatchers", "nothing_kept", "sandbox", "shared_sandbox", "world"]
HOST = "api.toy.example"


@pytest.fixture
def toys(world: World, live_server: Any, settings: Any) -> ProviderAccount:
    """The tenant's account at the toy, with a channel before its Zalo channel on the default route."""
    settings.PUBLIC_URL = live_server.url
    key = world.sandbox.call("GET", "/_/accounts").json()[HOST]["credentials"]["key"]
    held = provider_account(world.tenant, "toy", key=key)
    channel = Channel(tenant=world.tenant, name="toy", kind="toy", account=held.account)
    channel.full_clean()
    channel.save()
    route = Route.objects.get(tenant=world.tenant, name="default")
    route.steps.update(position=2)
    RouteStep.objects.create(route=route, channel=channel, position=1)
    for template in world.tenant.templates.all():
        TemplateMapping.objects.create(template=template, channel=channel, provider_template_id=f"toy-{template.code}")
    forget()
    return held


def send(world: World, to: str) -> dict[str, Any]:
    """Send the template `otp` by the REST API; return the message as the API shows it once it has ended."""
    client = Client(headers={"authorization": f"Bearer {api_key(world.tenant).token}"})
    body = {"messages": [{"to": to, "templateId": "otp", "templateData": {"otp": "123456"}}]}
    accepted = client.post("/v1/messages", body, content_type="application/json")
    assert accepted.status_code == 202, accepted.content
    (message,) = accepted.json()["messages"]
    world.ends(UUID(message["messageId"]))
    shown: dict[str, Any] = client.get(f"/v1/messages/{message['messageId']}").json()
    return shown


def test_a_message_goes_over_the_toy_and_its_report_comes_in(world: World, toys: ProviderAccount, dispatchers: Any):
    message = send(world, "0987654321")

    assert message["state"] == State.DELIVERED.word
    assert [(leg["channel"], leg["state"]) for leg in message["legs"]] == [("toy", "delivered")]
    (call,) = world.sandbox.record(host=HOST, path="/messages")
    order = json.loads(call["body"])
    assert (order["to"], order["toy"], order["says"]) == ("84987654321", "toy-otp", {"otp": "123456"})
    assert world.sends() == []


def test_whom_the_toy_refuses_the_next_step_reaches_and_is_remembered(
    world: World, toys: ProviderAccount, dispatchers: Any, live_server: Any
):
    hook = f"{live_server.url}/hooks/zalo/{world.app.hook_token}"
    world.sandbox.call("PUT", "/_/webhook", {"appId": world.app.app_id, "url": hook})
    (nobody,) = world.sandbox.call("GET", "/_/accounts").json()[HOST]["magic"]
    world.sandbox.call("DELETE", "/_/requests")

    message = send(world, nobody)

    legs = [(leg["channel"], leg["state"], leg["errorCode"]) for leg in message["legs"]]
    assert legs == [("toy", "rejected", "no_such_person"), ("zns", "delivered", None)]
    assert RecipientMark.objects.get(tenant=world.tenant, code="no_such_person").channel_kind == "toy"


def test_a_report_to_another_address_is_refused(toys: ProviderAccount, client: Client):
    assert client.post("/hooks/toy/wrong", b"{}", content_type="application/json").status_code == 404
    assert client.get(f"/hooks/toy/{toys.hook_token}").status_code == 405


def test_the_admin_asks_for_the_toys_settings_and_tests_them(toys: ProviderAccount, admin_client: Client):
    page = admin_client.get(reverse("admin:tenants_provideraccount_change", args=[toys.pk])).content.decode()

    assert "Toy key" in page
    assert f"/hooks/toy/{toys.hook_token}" in page
    assert try_settings(toys).ok
    toys.put({"key": "wrong"})
    assert try_settings(toys) == (False, "toy: Toy key: The key is wrong")
