"""Everything in its order, and what scripts need to know of it."""

from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

from django.conf import settings
from django.core.management import call_command

from gateway.environment import DEVELOPMENT
from gateway.seeding.accounts import platform_account
from gateway.seeding.company import CHANNEL, ROUTE, company, template_ids
from gateway.seeding.errors import SeedError
from gateway.seeding.kept import Kept, read_kept, write_kept
from gateway.seeding.people import administrator, api_token, member
from gateway.seeding.sandbox import SandboxControl
from tenants.models import ApiKey, Member, Tenant

DEMO: Final = "demo"
OTHER: Final = "other"
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
    first = zalo.accounts[0]
    second = next((account for account in zalo.accounts if account.app_id != first.app_id), None)
    if second is None:
        raise SeedError("the sandbox has no second app for the tenant `other`")
    say("tenants, official accounts, channels, routes and templates")
    demo, channel = company(DEMO, "Demo Trading", first, control)
    other, _ = company(OTHER, "Other Clinic", second, control)
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
        "channels": {CHANNEL: channel.pk},
        "routes": {ROUTE: [CHANNEL]},
    }


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
