"""A tenant that can send: accounts, channels, routes and templates over the sandbox."""

from collections.abc import Mapping, Sequence

from django.db import transaction

from gateway.seeding.errors import SeedError
from messaging.intake import resolve
from messaging.models import Template, TemplateMapping
from messaging.template_sync import sync_channel
from tenants.models import Channel, OfficialAccount, Route, RouteStep, Tenant

CHANNEL, LENT_CHANNEL = "zns", "zns-2"
ROUTE = "default"
ROUTES: Mapping[str, Sequence[str]] = {
    ROUTE: (CHANNEL,),
    "zns-zns": (CHANNEL, LENT_CHANNEL),
    "lent": (LENT_CHANNEL,),
    "zns-sms": (CHANNEL, "nxcloud_sms"),
    "nxcloud": ("nxcloud",),
    "infobip": ("infobip",),
    "mini_app": ("mini_app",),
    "oa": ("oa",),
    "zns_uid": ("zns_uid",),
    "nxcloud_sms": ("nxcloud_sms",),
    "infobip_sms": ("infobip_sms",),
    "zns-nxcloud-sms": (CHANNEL, "nxcloud", "nxcloud_sms"),
    "all": (CHANNEL, "nxcloud", "infobip", "nxcloud_sms"),
}
# Steps that another follows wait so many seconds for a receipt; elsewhere the templates decide.
WAITS: Mapping[str, int] = {"zns-nxcloud-sms": 8}
TEMPLATES = ("bill", "order", "otp", "promotion")


def channel_over(tenant: Tenant, name: str, official_account: OfficialAccount) -> Channel:
    """Return the tenant's channel of this name, made if it is missing, with its templates synced. Raises SeedError."""
    channel, _ = Channel.objects.get_or_create(
        tenant=tenant,
        name=name,
        defaults={"kind": "zns", "account": official_account.account, "night_rules": False},
    )
    report = sync_channel(channel.pk)
    if report.error or report.failed:
        raise SeedError(
            f"the templates of {tenant.slug} could not be synced: {report.error or ', '.join(report.failed)}"
        )
    return channel


def make_routes(tenant: Tenant) -> None:
    """Make the routes that are missing; what stands already is left as people have changed it."""
    channels = {channel.name: channel for channel in Channel.objects.filter(tenant=tenant)}
    for name, steps in ROUTES.items():
        route, _ = Route.objects.get_or_create(tenant=tenant, name=name)
        if not route.steps.exists():
            for position, step in enumerate(steps, start=1):
                waits = WAITS.get(name) if position < len(steps) else None
                RouteStep.objects.create(route=route, channel=channels[step], position=position, deadline=waits)


@transaction.atomic
def share_templates(tenant: Tenant, codes: Mapping[str, str]) -> None:
    """Let every channel of the tenant know a template of one name as one template, whose id is that in `codes` (name
    -> id), so that a script can send the same request over any channel and with any tenant's key."""
    rows = TemplateMapping.objects.filter(template__tenant=tenant).select_related("template").order_by("channel_id")
    by_name: dict[str, Template] = {}
    for mapping in rows:
        own = mapping.template
        template = by_name.setdefault(own.name, own)
        if template.pk != own.pk:
            mapping.template = template
            mapping.save()
            own.delete()
    for name, template in by_name.items():
        if template.code != codes.get(name, template.code):
            template.code = codes[name]
            template.save()
    resolve.forget(tenant.pk)


def template_codes(tenant: Tenant) -> dict[str, str]:
    """Return the name of every template -> its id, as the tenant's first channel knows it."""
    rows = TemplateMapping.objects.filter(template__tenant=tenant).order_by("-channel_id")
    return dict(rows.values_list("template__name", "template__code"))


def template_ids(tenant: Tenant) -> dict[str, str]:
    """Return template name -> id as client applications send it. Raises SeedError if one is missing."""
    rows = Template.objects.filter(tenant=tenant, name__in=TEMPLATES)
    found = dict(rows.values_list("name", "code"))
    missing = [name for name in TEMPLATES if name not in found]
    if missing:
        raise SeedError(f"the sandbox has no template named {', '.join(missing)}")
    return {name: found[name] for name in TEMPLATES}
