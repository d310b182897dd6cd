"""A tenant that can send: account, channel, route and templates over the sandbox."""

from gateway.seeding.accounts import tenant_account
from gateway.seeding.errors import SeedError
from gateway.seeding.sandbox import Granted, SandboxControl
from messaging.models import Template
from messaging.template_sync import sync_channel
from tenants.models import Channel, Route, RouteStep, Tenant

CHANNEL = "zns"
ROUTE = "default"
TEMPLATES = ("bill", "order", "otp", "promotion")


def company(slug: str, name: str, granted: Granted, control: SandboxControl) -> tuple[Tenant, Channel]:
    """Return the tenant `slug`, able to send over the official account `granted`, and its channel.

    What stands already is left as people have changed it. Raises SeedError.
    """
    tenant, _ = Tenant.objects.get_or_create(slug=slug, defaults={"name": name})
    account = tenant_account(tenant, granted, control).account
    channel, _ = Channel.objects.get_or_create(
        tenant=tenant, name=CHANNEL, defaults={"kind": Channel.Kind.ZNS, "account": account}
    )
    route, _ = Route.objects.get_or_create(tenant=tenant, name=ROUTE)
    if not route.steps.exists():
        RouteStep.objects.create(route=route, channel=channel, position=1)
    report = sync_channel(channel.pk)
    if report.error or report.failed:
        raise SeedError(f"the templates of {slug} could not be synced: {report.error or ', '.join(report.failed)}")
    return tenant, channel


def template_ids(tenant: Tenant) -> dict[str, str]:
    """Return template name -> id as client applications send it. Raises SeedError if one is missing."""
    rows = Template.objects.filter(tenant=tenant, name__in=TEMPLATES)
    found = dict(rows.values_list("name", "code"))
    missing = [name for name in TEMPLATES if name not in found]
    if missing:
        raise SeedError(f"the sandbox has no template named {', '.join(missing)}")
    return {name: found[name] for name in TEMPLATES}
