"""API keys and users. Their secrets stay the same from run to run as long as what was kept still lets them in."""

import secrets
from typing import Final

from django.contrib.auth.models import User

from gateway.seeding.kept import Kept, Login
from tenants import api_keys
from tenants.models import ApiKey, Member, Tenant

ADMIN: Final = "admin"


def api_token(tenant: Tenant, name: str, mode: str, kept: Kept) -> str:
    """Return a token of the tenant with every scope: the kept one, or that of a new key where it no longer works."""
    token = kept.tokens.get(name, "")
    try:
        caller = api_keys.authenticate(token, "127.0.0.1")
        if caller.tenant_id == tenant.pk:
            _give_every_scope(caller)
            return token
    except (api_keys.InvalidKey, api_keys.AddressNotAllowed):
        pass
    for lost in ApiKey.objects.filter(tenant=tenant, name=name, revoked_at=None):
        api_keys.revoke(lost)
    kept.tokens[name] = api_keys.issue(tenant, name, mode, ApiKey.Scope.values).token
    return kept.tokens[name]


def _give_every_scope(caller: api_keys.Principal) -> None:
    """Let a kept key do what has come since it was issued."""
    if set(ApiKey.Scope.values) - set(caller.scopes):
        ApiKey.objects.filter(id=caller.key_id).update(scopes=ApiKey.Scope.values)


def administrator(kept: Kept) -> Login:
    """Return the login of the platform's operator, who may do everything."""
    return _login(ADMIN, kept, superuser=True)


def member(tenant: Tenant, role: Member.Role, kept: Kept) -> Login:
    """Return the login of a person with `role` in the tenant; owners may reveal."""
    login = _login(f"{tenant.slug}-{role.value}", kept)
    Member.objects.get_or_create(
        user=User.objects.get(username=login.user),
        tenant=tenant,
        defaults={"role": role, "may_reveal": role == Member.Role.OWNER},
    )
    return login


def _login(name: str, kept: Kept, *, superuser: bool = False) -> Login:
    user, _ = User.objects.get_or_create(username=name)
    login = kept.logins.get(name)
    if login is None or not _fits(user, login):
        login = Login(user=name, password=secrets.token_urlsafe(15), stored="")
        user.set_password(login.password)
    user.is_staff, user.is_superuser = True, superuser
    user.save()
    login.stored = user.password
    kept.logins[name] = login
    return login


def _fits(user: User, login: Login) -> bool:
    # A full check costs half a second for each of them; it is needed only where Django has hashed anew.
    return user.password == login.stored or user.check_password(login.password)
