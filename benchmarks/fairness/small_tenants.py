"""Many small tenants that send over one account which the platform lends them."""

from benchmarks.campaign import Campaign, store_for
from benchmarks.field import Field
from benchmarks.sandbox import Control
from messaging.models import Template, TemplateMapping
from messaging.states import MessageClass
from providers.zalo.account import OFFICIAL_ACCOUNT
from tenants.models import Account, Channel, Route, RouteStep, Tenant
from tenants.runtime import SANDBOX_ACCOUNT

CODE = "small"


def make(field: Field, count: int) -> list[Tenant]:
    """Make `count` tenants, each with channel, route and template."""
    account = Account.objects.get(tenant=None, name=SANDBOX_ACCOUNT, kind=OFFICIAL_ACCOUNT.name)
    tenants = Tenant.objects.bulk_create(Tenant(slug=f"small-{n}", name=f"Small {n}") for n in range(count))
    account.lent_to.add(*tenants)
    channels = Channel.objects.bulk_create(
        Channel(tenant=tenant, name="zns", kind="zns", account=account) for tenant in tenants
    )
    routes = Route.objects.bulk_create(Route(tenant=tenant, name="default") for tenant in tenants)
    RouteStep.objects.bulk_create(
        RouteStep(route=route, channel=channel, position=1) for route, channel in zip(routes, channels, strict=True)
    )
    provided = field.info["templates"]["order"]
    parameters = [{"name": name, "required": True, "type": "STRING"} for name in _names(field)]
    templates = Template.objects.bulk_create(
        Template(
            tenant=tenant, code=CODE, name=CODE, message_class=MessageClass.TRANSACTIONAL, parameters=parameters,
            timeout=7200,
        )
        for tenant in tenants
    )  # fmt: skip
    TemplateMapping.objects.bulk_create(
        TemplateMapping(template=template, channel=channel, provider_template_id=provided)
        for template, channel in zip(templates, channels, strict=True)
    )
    return tenants


def store_all(field: Field, tenants: list[Tenant], each: int) -> Campaign:
    """Store `each` messages of every tenant, held, as one campaign."""
    names = _names(field)
    stored = [store_for(tenant.pk, CODE, names, each) for tenant in tenants]
    lanes = tuple(lane for campaign in stored for lane in campaign.lanes)
    return Campaign(each * len(tenants), lanes, stored[0].first, stored[-1].last)


def _names(field: Field) -> tuple[str, ...]:
    return Control(field.info["sandbox"]).grant(field.info["templates"]["order"]).parameters
