import json
from typing import Any
from uuid import UUID

import pytest

from messaging.intake.accept import accept
from messaging.models import Message
from providers.sandbox.mini_app.owners import FIRST
from tenants.models import Channel
from tests.messaging.carriers import add_mini_app, route
from tests.messaging.world import World

HOST = "openapi.mini.zalo.me"
USER, OTHER = "5600000000000000078", "5600000000000000079"
LONG = {"amount": 48, "timeUnit": "HOURS"}


@pytest.fixture
def notified(world: World) -> Channel:
    """The world's tenant notifies by the sandbox's first Mini App."""
    channel = add_mini_app(world)
    route(world, channel)
    return channel


@pytest.fixture
def reported(world: World, notified: Channel, live_server: Any) -> Channel:
    """The same, with a web server that takes the sandbox's reports in."""
    url = f"{live_server.url}/hooks/mini_app/{notified.account.provider_account.hook_token}"
    assert world.sandbox.call("PUT", "/_/webhook", {"appId": FIRST.zalo_app_id, "url": url}).status == 200
    return notified


def send(world: World, *persons: dict[str, Any], **options: Any) -> list[UUID]:
    """Accept an order for each of the persons and return the messages' ids."""
    said = {"templateId": "order", "templateData": dict.fromkeys(world.order_params, "1")}
    body = {"messages": [{"to": to, **said} for to in persons], "options": {"validityPeriod": LONG, **options}}
    accepted = accept(world.tenant.pk, json.dumps(body).encode(), test=False)
    return list(Message.objects.filter(bulk_id=accepted.bulk_id).order_by("id").values_list("id", flat=True))
