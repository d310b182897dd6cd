"""Rows that tests start from."""
# mypy: disable-error-code="no-untyped-call"

from typing import Any

from factory.declarations import SelfAttribute, Sequence, SubFactory
from factory.django import DjangoModelFactory

from messaging.models import Template, TemplateMapping
from tenants.api_keys import Issued, issue
from tenants.models import (
    Account,
    ApiKey,
    Channel,
    OfficialAccount,
    ProviderAccount,
    Route,
    RouteStep,
    Tenant,
    ZaloApp,
)


class TenantFactory(DjangoModelFactory[Tenant]):
    class Meta:
        model = Tenant

    slug = Sequence(lambda n: f"tenant-{n}")
    name = Sequence(lambda n: f"Tenant {n}")


class ZaloAppFactory(DjangoModelFactory[ZaloApp]):
    class Meta:
        model = ZaloApp

    tenant = SubFactory(TenantFactory)
    name = "App"
    app_id = Sequence(lambda n: f"{4_000_000_000 + n}")
    environment = Account.Environment.SANDBOX


class AccountFactory(DjangoModelFactory[Account]):
    class Meta:
        model = Account

    tenant = SubFactory(TenantFactory)
    kind = "zalo_oa"
    name = Sequence(lambda n: f"OA {n}")
    environment = Account.Environment.SANDBOX


class OfficialAccountFactory(DjangoModelFactory[OfficialAccount]):
    class Meta:
        model = OfficialAccount

    account = SubFactory(AccountFactory)
    app = SubFactory(ZaloAppFactory, tenant=SelfAttribute("..account.tenant"))
    oa_id = Sequence(lambda n: f"{5_000_000_000 + n}")


class ChannelFactory(DjangoModelFactory[Channel]):
    class Meta:
        model = Channel

    tenant = SubFactory(TenantFactory)
    name = Sequence(lambda n: f"zns-{n}")
    kind = "zns"
    night_rules = False
    account = SubFactory(AccountFactory, tenant=SelfAttribute("..tenant"))


class RouteFactory(DjangoModelFactory[Route]):
    class Meta:
        model = Route

    tenant = SubFactory(TenantFactory)
    name = "default"


class RouteStepFactory(DjangoModelFactory[RouteStep]):
    class Meta:
        model = RouteStep

    route = SubFactory(RouteFactory)
    channel = SubFactory(ChannelFactory, tenant=SelfAttribute("..route.tenant"))
    position = 1


class TemplateFactory(DjangoModelFactory[Template]):
    class Meta:
        model = Template

    tenant = SubFactory(TenantFactory)
    code = Sequence(lambda n: f"template-{n}")
    name = SelfAttribute("code")
    parameters = [{"name": "customer", "required": True, "type": "STRING", "minLength": 0, "maxLength": 30}]


class TemplateMappingFactory(DjangoModelFactory[TemplateMapping]):
    class Meta:
        model = TemplateMapping

    template = SubFactory(TemplateFactory)
    channel = SubFactory(ChannelFactory, tenant=SelfAttribute("..template.tenant"))
    provider_template_id = SelfAttribute("template.code")


def provider_account(tenant: Tenant | None, kind: str, **values: str) -> ProviderAccount:
    """Return an account at the sandbox with these settings."""
    account = AccountFactory.create(tenant=tenant, kind=kind, name=kind)
    held = ProviderAccount(account=account)
    held.put(values)
    held.save()
    return held


def api_key(tenant: Tenant, *scopes: str, **options: Any) -> Issued:
    """Return a new key of `tenant` with `scopes`, all of them where none is named."""
    return issue(tenant, "test", scopes=scopes or tuple(ApiKey.Scope.values), **options)


def sending_tenant(slug: str, **template: Any) -> Tenant:
    """Return a tenant that can send: an OA, a channel, the route `default`, a template (`bill` if not named)."""
    tenant = TenantFactory.create(slug=slug)
    account = AccountFactory.create(tenant=tenant)
    OfficialAccountFactory.create(account=account)
    channel = ChannelFactory.create(tenant=tenant, name="zns", account=account)
    RouteStepFactory.create(route=RouteFactory.create(tenant=tenant), channel=channel)
    TemplateMappingFactory.create(
        template=TemplateFactory.create(tenant=tenant, **{"code": "bill", **template}), channel=channel
    )
    return tenant
