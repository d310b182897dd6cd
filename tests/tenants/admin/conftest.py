from collections.abc import Callable

import pytest
from django.contrib.auth.models import User
from django.test import Client

from tenants.api_keys import issue
from tenants.clock import now
from tenants.models import (
    Account,
    Alert,
    Channel,
    Member,
    OfficialAccount,
    ProviderAccount,
    Quota,
    Route,
    RouteStep,
    Tenant,
    ZaloApp,
)

SignIn = Callable[[str, dict[Tenant, str]], Client]


@pytest.fixture(autouse=True)
def plain_http(settings):
    settings.SECURE_SSL_REDIRECT = False
    settings.STORAGES = {
        **settings.STORAGES,
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
    }


@pytest.fixture
def sign_in(db) -> SignIn:
    """Return a signed-in browser of a staff user with these roles."""

    def sign(name: str, roles: dict[Tenant, str]) -> Client:
        user = User.objects.create_user(name, password="x", is_staff=True)
        for tenant, role in roles.items():
            Member.objects.create(user=user, tenant=tenant, role=role)
        client = Client()
        client.force_login(user)
        return client

    return sign


@pytest.fixture
def owner(sign_in: SignIn, tenant: Tenant) -> Client:
    return sign_in("owner", {tenant: "owner"})


@pytest.fixture
def operator(sign_in: SignIn, tenant: Tenant) -> Client:
    return sign_in("operator", {tenant: "operator"})


@pytest.fixture
def viewer(sign_in: SignIn, tenant: Tenant) -> Client:
    return sign_in("viewer", {tenant: "viewer"})


@pytest.fixture
def platform(db) -> Client:
    client = Client()
    client.force_login(User.objects.create_superuser("root", password="x"))
    return client


class House:
    """One tenant's rows of every kind."""

    def __init__(self, tenant: Tenant, number: str) -> None:
        self.tenant = tenant
        self.app = ZaloApp(tenant=tenant, name=f"{tenant.slug}-app", app_id=f"71{number}", environment="sandbox")
        self.app.app_secret = f"app-secret-of-{number}"
        self.app.save()
        self.account = Account.objects.create(
            tenant=tenant, kind="zalo_oa", name=f"{tenant.slug}-account", environment="sandbox"
        )
        self.official_account = OfficialAccount.objects.create(account=self.account, app=self.app, oa_id=f"52{number}")
        self.channel = Channel.objects.create(
            tenant=tenant, name=f"{tenant.slug}-channel", kind="zns", account=self.account
        )
        self.route = Route.objects.create(tenant=tenant, name=f"{tenant.slug}-route")
        self.step = RouteStep.objects.create(route=self.route, channel=self.channel)
        self.key = issue(tenant, f"{tenant.slug}-key").key
        credentials = Account.objects.create(tenant=tenant, kind="nxcloud", name=f"{tenant.slug}-credentials")
        self.provider_account = ProviderAccount.objects.create(account=credentials)
        self.quota = Quota.objects.create(tenant=tenant, limit=10)
        self.alert = Alert.objects.create(tenant=tenant, kind=Alert.Kind.QUOTA, key=f"of-{number}", created_at=now())
        user = User.objects.create_user(f"{tenant.slug}-member")
        self.member = Member.objects.create(user=user, tenant=tenant, role="viewer")


@pytest.fixture
def house(tenant) -> House:
    return House(tenant, "1")


@pytest.fixture
def other_house(other_tenant) -> House:
    return House(other_tenant, "2")
