"""Which Zalo app a webhook address belongs to, remembered for a minute by this process."""

import time
from typing import Final

import msgspec

from tenants.models import ZaloApp

LIFETIME: Final = 60.0
MOST_KEPT: Final = 10_000


class HookOwner(msgspec.Struct, frozen=True):
    """The app behind a webhook address; `tenant_id` is None for an app of the platform."""

    tenant_id: int | None
    secrets: dict[str, str]

    def __repr__(self) -> str:
        return f"<HookOwner of tenant {self.tenant_id}>"


_kept: dict[str, tuple[float, HookOwner]] = {}


def hook_owner(token: str) -> HookOwner | None:
    """Return the app whose webhook address ends in `token`, or None; its secrets are those that verify events."""
    kept = _kept.get(token)
    if kept is not None and time.monotonic() < kept[0]:
        return kept[1]
    app = ZaloApp.objects.filter(hook_token=token).first()
    if app is None:
        return None
    owner = HookOwner(app.tenant_id, {"app_id": app.app_id, "oa_secret_key": app.oa_secret_key})
    if len(_kept) >= MOST_KEPT:
        _kept.clear()
    _kept[token] = (time.monotonic() + LIFETIME, owner)
    return owner


def forget() -> None:
    """Drop what this process remembers."""
    _kept.clear()
