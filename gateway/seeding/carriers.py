"""Accounts, channels and templates over the sandbox's other providers: literal tables of what every tenant gets."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

import msgspec

from gateway.seeding.errors import SeedError
from messaging.models import Template, TemplateMapping
from providers.zalo.hosts import OA_HOST
from tenants import runtime
from tenants.credential_fields import ACCOUNT_KIND, SMS_KINDS
from tenants.models import Account, Channel, ProviderAccount, Tenant

SANDBOX: Final = Account.Environment.SANDBOX


class Source(msgspec.Struct, frozen=True):
    """Where an account kind's credentials stand in `/_/accounts`: the host, the list of owners, and our name of each
    setting -> theirs."""

    host: str
    owners: str
    settings: Mapping[str, str]


SOURCES: Final[Mapping[str, Source]] = {
    "nxcloud": Source(
        "api.nxcloud.com",
        "customers",
        {
            "access_key": "accessKey",
            "access_secret": "accessSecret",
            "appkey": "appkey",
            "secretkey": "secretkey",
        },
    ),
    "infobip": Source(
        "api.infobip.com", "accounts", {"api_key": "apiKey", "sender": "sender", "sms_sender": "smsSender"}
    ),
    "mini_app": Source(
        "openapi.mini.zalo.me",
        "owners",
        {"api_key": "apiKey", "zalo_app_id": "zaloAppId", "mini_app_id": "miniAppId"},
    ),
}
# Channels over those accounts; a channel's name is its kind.
CHANNELS: Final = ("nxcloud", "nxcloud_sms", "infobip", "infobip_sms", "mini_app")
# Channels over the official account, by user id.
BY_USER_ID: Final = ("zns_uid", "oa")
TEXTS: Final[Mapping[str, str]] = {
    "bill": "Hoa don {{cid}} ky {{ky}} thang {{thang}}: {{total}} VND.",
    "order": "Don {{order_code}} ngay {{date}}: {{total}} VND.",
    "otp": "{{otp}} la ma xac thuc cua ban. Khong chia se ma nay.",
    "promotion": "(QC) Ma uu dai {{voucher}}, han dung {{expires}}.",
}


def make_carriers(tenant: Tenant, nth: int, seeded: Mapping[str, Any]) -> None:
    """Make the tenant's channels over the `nth` owner of each provider in `seeded` (the sandbox's accounts), with its
    templates mapped. What stands is left as it is, but for credentials. Raises SeedError."""
    for name in CHANNELS:
        source = SOURCES[ACCOUNT_KIND[name]]
        owner = _owner(source, seeded, nth)
        held = _account(tenant, ACCOUNT_KIND[name], source, owner)
        channel = _channel(tenant, name, held.account)
        _map_templates(tenant, channel, owner)
    by_phone = Channel.objects.select_related("account__official_account").get(tenant=tenant, name="zns")
    by_user_id = {name: _channel(tenant, name, by_phone.account) for name in BY_USER_ID}
    _map_by_user_id(by_phone, by_user_id["zns_uid"], seeded)


def platform_carriers(seeded: Mapping[str, Any]) -> None:
    """Make the platform's sandbox accounts, over which messages of test keys go."""
    for kind, source in SOURCES.items():
        test = seeded.get(source.host, {}).get("test")
        if test:
            _account(None, kind, source, test)


def _owner(source: Source, seeded: Mapping[str, Any], nth: int) -> Mapping[str, Any]:
    try:
        owners: Sequence[Mapping[str, Any]] = seeded[source.host][source.owners]
        return owners[nth]
    except (KeyError, IndexError) as error:
        raise SeedError(f"the sandbox lists too few accounts at {source.host}") from error


def _account(tenant: Tenant | None, kind: str, source: Source, owner: Mapping[str, Any]) -> ProviderAccount:
    name = runtime.SANDBOX_ACCOUNT if tenant is None else kind
    account, _ = Account.objects.get_or_create(tenant=tenant, kind=kind, name=name, environment=SANDBOX)
    held = ProviderAccount.objects.filter(account=account).first() or ProviderAccount(account=account)
    held.account = account
    wanted = {ours: str(owner.get(theirs, "")) for ours, theirs in source.settings.items()}
    if held.values() != {name: value for name, value in wanted.items() if value}:
        held.put(wanted)
        held.save()
        runtime.forget_account(account.pk)
    return held


def _channel(tenant: Tenant, name: str, account: Account) -> Channel:
    defaults = {"kind": name, "account": account, "night_rules": False}
    channel, _ = Channel.objects.get_or_create(tenant=tenant, name=name, defaults=defaults)
    return channel


def _map_templates(tenant: Tenant, channel: Channel, owner: Mapping[str, Any]) -> None:
    provided = {each["name"]: str(each["id"]) for each in owner.get("templates", [])}
    for template in Template.objects.filter(tenant=tenant, name__in=TEXTS):
        said = {"text": TEXTS[template.name]} if channel.kind in SMS_KINDS else _named(provided, template.name)
        if said:
            TemplateMapping.objects.get_or_create(template=template, channel=channel, defaults=said)


def _map_by_user_id(by_phone: Channel, by_user_id: Channel, seeded: Mapping[str, Any]) -> None:
    """Map what the account lists for sends by user id: the templates that it sends by phone, but for some."""
    oa_id = by_phone.account.official_account.oa_id
    listed = {
        template["id"]
        for account in seeded.get(OA_HOST, {}).get("officialAccounts", [])
        for template in account["templates"]
        if account["oaId"] == oa_id
    }
    for mapping in TemplateMapping.objects.filter(channel=by_phone, provider_template_id__in=listed):
        TemplateMapping.objects.get_or_create(
            template_id=mapping.template_id,
            channel=by_user_id,
            defaults={"provider_template_id": mapping.provider_template_id},
        )


def _named(provided: Mapping[str, str], name: str) -> dict[str, str]:
    return {"provider_template_id": provided[name]} if name in provided else {}
