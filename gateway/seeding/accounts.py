"""Accounts over the sandbox: the one that the platform keeps for test keys, those of tenants, and one that it lends."""

from collections.abc import Iterable

from gateway.seeding.sandbox import Granted, SandboxControl
from providers.zalo.account import OFFICIAL_ACCOUNT
from tenants import custody, runtime
from tenants.models import Account, OfficialAccount, Tenant, ZaloApp

SANDBOX = Account.Environment.SANDBOX


def platform_account(granted: Granted, control: SandboxControl) -> OfficialAccount:
    """Return the platform's sandbox account, over which every message of a test key goes; its token never ends."""
    row = _official_account(None, None, runtime.SANDBOX_ACCOUNT, granted, control)
    if row.access_token != granted.access_token or row.status != OfficialAccount.Status.CONNECTED:
        row.access_token, row.access_expires_at = granted.access_token, None
        row.status, row.status_code, row.status_reason = OfficialAccount.Status.CONNECTED, "", ""
        row.save()
        runtime.forget_account(row.pk)
    return row


def tenant_account(
    tenant: Tenant, granted: Granted, control: SandboxControl, *, own_app: bool = True
) -> OfficialAccount:
    """Return the tenant's official account, connected with the pair that is valid at the sandbox.

    Without `own_app` it stands under an app of the platform's, which may serve other owners' accounts too.
    """
    return _connected(tenant, tenant if own_app else None, granted, control)


def lent_account(granted: Granted, borrowers: Iterable[Tenant], control: SandboxControl) -> OfficialAccount:
    """Return an official account of the platform's, connected, and lent to every one of `borrowers`."""
    row = _connected(None, None, granted, control)
    row.account.lent_to.add(*borrowers)
    return row


def _connected(
    tenant: Tenant | None, app_owner: Tenant | None, granted: Granted, control: SandboxControl
) -> OfficialAccount:
    """Return a connected account. A pair that is still the sandbox's own is left alone: its custody has renewed it, or
    will."""
    row = _official_account(tenant, app_owner, granted.name or granted.oa_id, granted, control)
    if row.status != OfficialAccount.Status.CONNECTED or row.refresh_token != granted.refresh_token:
        row = custody.paste(row, granted.access_token, granted.refresh_token)
    return row


def _official_account(
    tenant: Tenant | None, app_owner: Tenant | None, name: str, granted: Granted, control: SandboxControl
) -> OfficialAccount:
    app = _app(app_owner, granted)
    control.send_receipts_to(app.app_id, runtime.hook_url(app.hook_token))
    rows = OfficialAccount.objects.select_related("account", "app")
    row = rows.filter(app=app, oa_id=granted.oa_id, account__tenant=tenant).first()
    if row is None:
        account = Account.objects.create(tenant=tenant, kind=OFFICIAL_ACCOUNT.name, name=name, environment=SANDBOX)
        row = OfficialAccount.objects.create(account=account, app=app, oa_id=granted.oa_id)
    return row


def _app(owner: Tenant | None, granted: Granted) -> ZaloApp:
    app = ZaloApp.objects.filter(app_id=granted.app_id).first()
    if app is None:
        app = ZaloApp(app_id=granted.app_id, tenant=owner, name="Sandbox app", environment=SANDBOX)
    moved = app.tenant_id != (owner.pk if owner else None)
    if moved:
        app.tenant = owner
    # Secrets are bound to their owner: those of an app that changed hands cannot be read any more.
    if moved or (app.app_secret, app.oa_secret_key) != (granted.secret_key, granted.oa_secret_key):
        app.app_secret, app.oa_secret_key = granted.secret_key, granted.oa_secret_key
        app.save()
    return app
