"""What the dispatcher needs to know of a channel, read in one query and kept in this process for at most 5 s."""

import time
from datetime import datetime, timedelta
from typing import Final

import msgspec
from django.conf import settings

from providers.zalo.account import OFFICIAL_ACCOUNT
from tenants import alerts, clock
from tenants.credential_fields import ACCOUNT_KIND, channel_credentials, missing
from tenants.models import Account, Channel, OfficialAccount, ProviderAccount

LIFETIME: Final = 5.0
MOST_KEPT: Final = 20_000
SANDBOX_ACCOUNT: Final = "sandbox"


class NoSuchChannel(LookupError):
    """There is no channel of this id."""


class NoSandboxAccount(LookupError):
    """The platform has no sandbox account for messages of test keys."""

    def __init__(self) -> None:
        super().__init__(
            f"messages of test keys need an account named `{SANDBOX_ACCOUNT}` that the platform owns, of the kind "
            "that the channel sends over, with the sandbox's credentials"
        )


class ChannelRuntime(msgspec.Struct, frozen=True, kw_only=True):
    """A channel ready to send, or the reason why it is not.

    `tenant_id` owns the channel, `account_id` is the account whose pace and quota it uses (the platform's sandbox
    account for a test). `origin` is empty for the provider's real hosts. `credentials` are those of the provider's
    README, empty where the channel may not send whatever its token. `renewable` says that only the access token is
    missing or over and that `custody.access_token` can renew it.
    """

    channel_id: int
    tenant_id: int
    account_id: int
    kind: str
    origin: str
    credentials: dict[str, str]
    state: str
    stop_code: str
    stop_reason: str
    hook_url: str
    official_account_id: int | None
    ready: bool
    not_ready_reason: str
    renewable: bool
    access_expires_at: datetime | None
    when_unknown: str
    test: bool = False

    def __repr__(self) -> str:
        return f"<ChannelRuntime {self.channel_id} {self.kind} ready={self.ready}>"


_kept: dict[tuple[int, bool], tuple[float, ChannelRuntime]] = {}


def channel_runtime(channel_id: int, test: bool = False) -> ChannelRuntime:
    """Return what sending over the channel needs; with `test` over the platform's sandbox account instead of its own.

    Raises NoSuchChannel or NoSandboxAccount.
    """
    kept = _kept.get((channel_id, test))
    if kept is not None and time.monotonic() < kept[0]:
        return kept[1]
    runtime = _read(channel_id, test)
    if len(_kept) >= MOST_KEPT:
        _kept.clear()
    _kept[channel_id, test] = (time.monotonic() + LIFETIME, runtime)
    return runtime


def forget(channel_id: int | None = None) -> None:
    """Drop what this process keeps of a channel, or of all: the next look reads the database."""
    if channel_id is None:
        _kept.clear()
        return
    for test in (False, True):
        _kept.pop((channel_id, test), None)


def forget_account(account_id: int) -> None:
    """Drop what this process keeps of the channels over an account."""
    for key, (_, runtime) in list(_kept.items()):
        if runtime.account_id == account_id:
            _kept.pop(key, None)


def stop_channel(channel_id: int, code: str, reason: str, probe_after: timedelta | None = None) -> bool:
    """Stop an active channel; return whether it was this call that stopped it. The first code and reason stay.

    With `probe_after` one message is let through after that time, to see whether the channel works again.
    """
    stopped = Channel.objects.filter(id=channel_id, state=Channel.State.ACTIVE).update(
        state=Channel.State.STOPPED,
        stop_code=code[:32],
        stop_reason=reason,
        stopped_at=clock.Now(),
        probe_at=None if probe_after is None else clock.Now() + probe_after,
        probes=0,
    )
    forget(channel_id)
    return stopped > 0


def resume_channel(channel_id: int) -> bool:
    """Let a stopped channel send again and end its alert; return whether it was this call that did.

    Its lanes are awake: the next tick, within a second, rings them.
    """
    resumed = Channel.objects.filter(id=channel_id, state=Channel.State.STOPPED).update(
        state=Channel.State.ACTIVE, stop_code="", stop_reason="", stopped_at=None, probe_at=None, probes=0
    )
    forget(channel_id)
    if resumed:
        alerts.end_alert(alerts.channel_key(channel_id))
    return resumed > 0


def hook_url(token: str, kind: str = "zalo") -> str:
    """Return the address to which Zalo sends the events of the app with this hook token; for channels of other
    providers, by their `kind`, that of their account's reports."""
    return f"{settings.PUBLIC_URL}/hooks/{kind}/{token}"


def _read(channel_id: int, test: bool) -> ChannelRuntime:
    owners = ("tenant", "account__official_account__app", "account__provider_account")
    channels = Channel.objects.select_related(*owners).annotate(read_at=clock.Now())
    channel = channels.filter(id=channel_id).first()
    if channel is None:
        raise NoSuchChannel(f"there is no channel {channel_id}")
    account = _sandbox_account(ACCOUNT_KIND[channel.kind]) if test else channel.account
    if account.kind != OFFICIAL_ACCOUNT.name:
        return _over_settings(channel, account, test)
    connected = _official_account(account)
    faults = _faults(channel, account, test) or ("" if connected else "The account has no official account.")
    credentials = _credentials(channel, connected) if connected and not faults else {}
    renewable = False
    if connected and not faults and not connected.works_at(channel.read_at):
        renewable = connected.can_renew()
        faults = _token_faults(connected)
    return ChannelRuntime(
        channel_id=channel_id,
        tenant_id=channel.tenant_id,
        account_id=account.pk,
        kind=channel.kind,
        origin=_origin(account),
        credentials=credentials,
        state=channel.state,
        stop_code=channel.stop_code,
        stop_reason=channel.stop_reason,
        hook_url=hook_url(connected.app.hook_token) if connected else "",
        official_account_id=connected.pk if connected else None,
        ready=not faults,
        not_ready_reason=faults,
        renewable=renewable,
        access_expires_at=connected.access_expires_at if connected else None,
        when_unknown=channel.tenant.when_unknown,
        test=test,
    )


def _over_settings(channel: Channel, account: Account, test: bool) -> ChannelRuntime:
    """Return a channel over an account whose credentials are settings."""
    held = _provider_account(account)
    values = held.values() if held else {}
    faults = _faults(channel, account, test) or _setting_faults(account, held, values)
    return ChannelRuntime(
        channel_id=channel.pk,
        tenant_id=channel.tenant_id,
        account_id=account.pk,
        kind=channel.kind,
        origin=_origin(account),
        credentials={} if faults else channel_credentials(channel.kind, values),
        state=channel.state,
        stop_code=channel.stop_code,
        stop_reason=channel.stop_reason,
        hook_url=hook_url(held.hook_token, channel.kind) if held else "",
        official_account_id=None,
        ready=not faults,
        not_ready_reason=faults,
        renewable=False,
        access_expires_at=None,
        when_unknown=channel.tenant.when_unknown,
        test=test,
    )


def _setting_faults(account: Account, held: ProviderAccount | None, values: dict[str, str]) -> str:
    if held is None:
        return "The account has no settings."
    lacking = missing(account.kind, values)
    return f"Settings are missing: {', '.join(field.label for field in lacking)}." if lacking else ""


def _provider_account(account: Account) -> ProviderAccount | None:
    try:
        return account.provider_account
    except ProviderAccount.DoesNotExist:
        return None


def _origin(account: Account) -> str:
    return settings.SANDBOX_URL if account.environment == Account.Environment.SANDBOX else ""


def _sandbox_account(kind: str) -> Account:
    accounts = Account.objects.select_related("official_account__app", "provider_account")
    account = accounts.filter(
        tenant=None, environment=Account.Environment.SANDBOX, name=SANDBOX_ACCOUNT, kind=kind
    ).first()
    if account is None or (kind == OFFICIAL_ACCOUNT.name and _official_account(account) is None):
        raise NoSandboxAccount
    return account


def _official_account(account: Account) -> OfficialAccount | None:
    try:
        return account.official_account
    except OfficialAccount.DoesNotExist:
        return None


def _credentials(channel: Channel, connected: OfficialAccount) -> dict[str, str]:
    app = connected.app
    return {
        "access_token": connected.access_token,
        "app_secret": app.app_secret,
        "prove": "1" if app.prove_secret else "",
        "oa_id": connected.oa_id,
        "hash_phone": "1" if channel.hash_phone else "",
    }


def _faults(channel: Channel, account: Account, test: bool) -> str:
    """Return why nothing can be sent whatever the token; empty if nothing is in the way."""
    if not channel.tenant.is_active:
        return "The tenant is inactive."
    if not test and not account.may_be_used_by(channel.tenant_id):
        return "The account is not lent to this tenant."
    if account.environment == Account.Environment.SANDBOX and not settings.SANDBOX_URL:
        return "SANDBOX_URL is not set."
    return ""


def _token_faults(connected: OfficialAccount) -> str:
    if connected.can_renew():
        return "The access token has ended and is to be renewed."
    return connected.why() or "The official account is not connected."
