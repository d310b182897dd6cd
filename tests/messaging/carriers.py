"""Channels of a world's tenant over other providers than Zalo, and where the sandbox reports about them."""

from typing import Any
from uuid import UUID

from messaging import routing
from messaging.dispatch import mappings
from messaging.intake import resolve
from messaging.models import Leg, TemplateMapping
from messaging.states import State
from providers.sandbox.infobip import seeds as infobip
from providers.sandbox.mini_app.owners import FIRST as MINI_APP
from providers.sandbox.nxcloud.customers import FIRST as NXCLOUD
from tenants import hooks, runtime
from tenants.models import Channel, Route, RouteStep
from tests.factories import ChannelFactory, provider_account
from tests.messaging.world import World

SMS_PATH = "/v1/sms/mt"
_TEMPLATES = {"infobip": infobip.FIRST.templates, "nxcloud": NXCLOUD.templates, "mini_app": MINI_APP.templates}


def add_nxcloud(world: World) -> dict[str, Channel]:
    """Return channels nxcloud and nxcloud_sms over one account, with the tenant's templates mapped."""
    values = {
        "access_key": NXCLOUD.access_key,
        "access_secret": NXCLOUD.access_secret,
        "appkey": NXCLOUD.appkey,
        "secretkey": NXCLOUD.secretkey,
    }
    held = provider_account(world.tenant, "nxcloud", **values)
    return {kind: _channel(world, kind, held.account, list(NXCLOUD.templates)) for kind in ("nxcloud", "nxcloud_sms")}


def add_infobip(world: World) -> dict[str, Channel]:
    """Return channels infobip and infobip_sms over one account, with the tenant's templates mapped."""
    account = infobip.FIRST
    held = provider_account(
        world.tenant, "infobip", api_key=account.api_key, sender=account.sender, sms_sender=account.sms_sender
    )
    return {kind: _channel(world, kind, held.account, list(account.templates)) for kind in ("infobip", "infobip_sms")}


def add_mini_app(world: World, **settings: str) -> Channel:
    """Return a channel mini_app over the sandbox's first Zalo App, with the tenant's templates mapped."""
    known = {"api_key": MINI_APP.api_key, "zalo_app_id": MINI_APP.zalo_app_id, "mini_app_id": MINI_APP.mini_apps[0]}
    held = provider_account(world.tenant, "mini_app", **(known | settings))
    return _channel(world, "mini_app", held.account, list(MINI_APP.templates))


def route(world: World, *channels: Channel, deadline: int | None = None) -> Route:
    """Make these channels the steps of the tenant's default route."""
    known = Route.objects.get(tenant=world.tenant, name="default")
    known.steps.all().delete()
    for position, channel in enumerate(channels, start=1):
        RouteStep.objects.create(route=known, channel=channel, position=position, deadline=deadline)
    forget()
    return known


def forget() -> None:
    """Let everything be read anew."""
    for room in (routing, mappings, resolve, runtime, hooks):
        room.forget()


def legs(message_id: UUID) -> list[tuple[int, int, State]]:
    """Return number, channel and state of each leg."""
    return [
        (leg.n, leg.channel_id, State(leg.state)) for leg in Leg.objects.filter(message_id=message_id).order_by("n")
    ]


def _channel(world: World, kind: str, account: Any, templates: list[str]) -> Channel:
    channel: Channel = ChannelFactory.create(
        tenant=world.tenant, name=kind.replace("_", "-"), kind=kind, account=account
    )
    texts = kind.endswith("_sms")
    for template in world.tenant.templates.all():
        TemplateMapping.objects.create(
            template=template,
            channel=channel,
            provider_template_id="" if texts else _same(template, templates, kind),
            text=f"{template.code}" if texts else "",
        )
    forget()
    return channel


def _same(template: Any, provided: list[str], kind: str) -> str:
    known = _TEMPLATES[kind]
    names = {parameter["name"] for parameter in template.parameters}
    return next(id for id in provided if {each.name for each in known[id].parameters} == names)
