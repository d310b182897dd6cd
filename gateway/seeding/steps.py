"""Everything in its order, and what scripts need to know of it."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, Final

from django.conf import settings
from django.core.management import call_command

from gateway.environment import DEVELOPMENT
from gateway.seeding.accounts import lent_account, platform_account, tenant_account
from gateway.seeding.carriers import BY_USER_ID, CHANNELS, make_carriers, platform_carriers
from gateway.seeding.company import (
    CHANNEL,
    LENT_CHANNEL,
    ROUTE,
    ROUTES,
    channel_over,
    make_routes,
    share_templates,
    template_codes,
    template_ids,
)
from gateway.seeding.errors import SeedError
from gateway.seeding.kept import Kept, read_kept, write_kept
from gateway.seeding.people import administrator, api_token, member
from gateway.seeding.sandbox import Granted, SandboxControl
from messaging.intake import resolve
from providers.zalo.account import OFFICIAL_ACCOUNT
from tenants.models import ApiKey, Channel, Member, RouteStep, Tenant

DEMO: Final = "demo"
OTHER: Final = "other"
# Scripts send one person many promotions.
UNCAPPED: Final[dict[str, Any]] = {"promotions_a_day": None, "promotions_a_month": None}
ROLES: Final = (Member.Role.OWNER, Member.Role.OPERATOR, Member.Role.VIEWER)


def seed(home: Path, say: Callable[[str], object]) -> dict[str, Any]:
    """Seed the gateway, telling each step to `say`, and return what run.json adds for scripts; safe to repeat.

    Raises SeedError: this is no development gateway, or the sandbox does not answer.
    """
    if not DEVELOPMENT:
        raise SeedError("seed_demo makes users and keys whose secrets lie in a file: only with GATEWAY_ENV=development")
    control = SandboxControl(settings.SANDBOX_URL)
    say(f"waiting for the sandbox at {settings.SANDBOX_URL}")
    control.wait()
    zalo = control.zalo()
    platform_account(zalo.shared, control)
    say("tenants, official accounts, channels, routes and templates")
    demo, other = _companies(zalo.accounts, control)
    say("schedules of the upkeep")
    call_command("schedule_upkeep", verbosity=0)
    say("API keys and people")
    path = home / "secrets" / "demo.json"
    kept = read_kept(path)
    try:
        people = _people(demo, other, kept)
    finally:
        write_kept(path, kept)
    return {
        "tenant": demo.slug,
        **people,
        "route": ROUTE,
        "templates": template_ids(demo),
        "channels": _channels(demo),
        "routes": _routes(demo),
    }


def _companies(accounts: Sequence[Granted], control: SandboxControl) -> tuple[Tenant, Tenant]:
    """Return `demo` and `other`, each able to send over an official account of its own and over one that the platform
    lends to both. The platform's app holds demo's account and the lent one. Raises SeedError."""
    first = accounts[0]
    lent = next((account for account in accounts[1:] if account.app_id == first.app_id), None)
    second = next((account for account in accounts if account.app_id != first.app_id), None)
    if lent is None or second is None:
        raise SeedError("the sandbox has no second official account of its first app, or no second app")
    demo, _ = Tenant.objects.get_or_create(slug=DEMO, defaults={"name": "Demo Trading", **UNCAPPED})
    other, _ = Tenant.objects.get_or_create(slug=OTHER, defaults={"name": "Other Clinic", **UNCAPPED})
    shared = lent_account(lent, (demo, other), control)
    own = {demo: tenant_account(demo, first, control, own_app=False), other: tenant_account(other, second, control)}
    for tenant, account in own.items():
        channel_over(tenant, CHANNEL, account)
        channel_over(tenant, LENT_CHANNEL, shared)
    codes = template_codes(demo)
    seeded = control.accounts()
    platform_carriers(seeded)
    for nth, tenant in enumerate(own):
        share_templates(tenant, codes)
        make_carriers(tenant, nth, seeded)
        make_routes(tenant)
        resolve.forget(tenant.pk)
    return demo, other


def _channels(tenant: Tenant) -> dict[str, dict[str, str]]:
    rows = Channel.objects.select_related("account__official_account").filter(tenant=tenant)
    names = {CHANNEL, LENT_CHANNEL, *CHANNELS, *BY_USER_ID}
    return {row.name: _shown(row) for row in rows.filter(name__in=names).order_by("pk")}


def _shown(channel: Channel) -> dict[str, str]:
    shown = {"id": str(channel.pk), "kind": channel.kind}
    if channel.account.kind == OFFICIAL_ACCOUNT.name:
        shown["oaId"] = channel.account.official_account.oa_id
    return shown


def _routes(tenant: Tenant) -> dict[str, list[str]]:
    routes: dict[str, list[str]] = {}
    steps = RouteStep.objects.filter(route__tenant=tenant, route__name__in=ROUTES).order_by("route_id", "position")
    for name, channel in steps.values_list("route__name", "channel__name"):
        routes.setdefault(name, []).append(channel)
    return routes


def _people(demo: Tenant, other: Tenant, kept: Kept) -> dict[str, Any]:
    admin = administrator(kept)
    logins = {role.value: member(demo, role, kept) for role in ROLES}
    return {
        "apiKey": api_token(demo, "demo live", ApiKey.Mode.LIVE, kept),
        "testApiKey": api_token(demo, "demo test", ApiKey.Mode.TEST, kept),
        "otherTenantApiKey": api_token(other, "other live", ApiKey.Mode.LIVE, kept),
        "adminUser": admin.user,
        "adminPassword": admin.password,
        "users": {role: {"user": login.user, "password": login.password} for role, login in logins.items()},
    }
