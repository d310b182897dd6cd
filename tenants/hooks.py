"""Whose webhook address it is that is called, remembered for a minute by this process."""

import time
from collections.abc import Callable
from typing import Final

import msgspec

from providers.mini_app.adapter import MINI_APP
from tenants.credential_fields import ACCOUNT_KIND, ACCOUNTS
from tenants.models import ProviderAccount, ZaloApp

LIFETIME: Final = 60.0
MOST_KEPT: Final = 10_000


class HookOwner(msgspec.Struct, frozen=True):
    """The app or account behind a webhook address; `tenant_id` is None for one of the platform.

    `account_id` is None for an app, which may have several accounts.
    """

    tenant_id: int | None
    secrets: dict[str, str]
    account_id: int | None = None

    def __repr__(self) -> str:
        return f"<HookOwner of tenant {self.tenant_id}>"


_kept: dict[str, tuple[float, HookOwner]] = {}


def hook_owner(token: str) -> HookOwner | None:
    """Return the app whose webhook address ends in `token`, or None; its secrets are those that verify events."""
    return _kept_or_read(f"zalo/{token}", lambda: _app(token))


def account_owner(kind: str, token: str) -> HookOwner | None:
    """Return the account that channels of `kind` send over and whose reports come to the address ending in `token`."""
    return _kept_or_read(f"{kind}/{token}", lambda: _account(kind, token))


def _kept_or_read(key: str, read: Callable[[], HookOwner | None]) -> HookOwner | None:
    kept = _kept.get(key)
    if kept is not None and time.monotonic() < kept[0]:
        return kept[1]
    owner = read()
    if owner is not None:
        if len(_kept) >= MOST_KEPT:
            _kept.clear()
        _kept[key] = (time.monotonic() + LIFETIME, owner)
    return owner


def _app(token: str) -> HookOwner | None:
    app = ZaloApp.objects.filter(hook_token=token).first()
    if app is None:
        return None
    accounts = ",".join(app.official_accounts.values_list("oa_id", flat=True))
    return HookOwner(app.tenant_id, {"app_id": app.app_id, "oa_secret_key": app.oa_secret_key, "oa_ids": accounts})


def _account(kind: str, token: str) -> HookOwner | None:
    rows = ProviderAccount.objects.select_related("account")
    held = rows.filter(hook_token=token, account__kind=ACCOUNT_KIND[kind]).first()
    if held is None:
        return None
    values = held.values()
    secrets = {name: values[name] for name in ACCOUNTS[ACCOUNT_KIND[kind]].proofs if name in values}
    if kind == MINI_APP.kind:
        secrets["mini_app_id"] = " ".join(_mini_apps(held, values))
    return HookOwner(held.account.tenant_id, secrets | {"hook_token": token}, held.pk)


def _mini_apps(held: ProviderAccount, values: dict[str, str]) -> list[str]:
    """Return the Mini Apps of the owner under the account's Zalo App, whose one address this is."""
    rows = ProviderAccount.objects.filter(account__kind=MINI_APP.account.name, account__tenant=held.account.tenant_id)
    known = [one.values() for one in rows.exclude(pk=held.pk).select_related("account")]
    app = values.get("zalo_app_id", "")
    others = [one.get("mini_app_id", "") for one in known if app and one.get("zalo_app_id") == app]
    return [values.get("mini_app_id", ""), *others]


def forget() -> None:
    """Drop what this process remembers."""
    _kept.clear()
