import json
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.db import connection
from django.test import Client

from messaging.intake import resolve
from messaging.intake.accept import accept
from messaging.models import Message
from messaging.partitions import make_partitions
from tenants.clock import now
from tenants.models import Member, Tenant
from tests import factories


@pytest.fixture(autouse=True)
def plain_http(settings, nothing_kept):
    """Pages need no collected static files and no TLS; nothing is kept from the test before."""
    resolve.forget()
    settings.SECURE_SSL_REDIRECT = False
    settings.STORAGES = {
        **settings.STORAGES,
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
    }


@pytest.fixture
def tenant(db) -> Tenant:
    with connection.cursor() as cursor:
        make_partitions(cursor, now())
    return factories.sending_tenant("bakery")


@pytest.fixture
def other_tenant(tenant) -> Tenant:
    return factories.sending_tenant("pharmacy")


def browser(name: str, tenant: Tenant, role: str, *, may_reveal: bool = False) -> Client:
    """Return a signed-in browser of a person with this role in the tenant."""
    user = User.objects.create_user(name, password="x", is_staff=True)
    Member.objects.create(user=user, tenant=tenant, role=role, may_reveal=may_reveal)
    client = Client()
    client.force_login(user)
    return client


@pytest.fixture
def operator(tenant) -> Client:
    return browser("operator", tenant, "operator")


@pytest.fixture
def viewer(tenant) -> Client:
    return browser("viewer", tenant, "viewer")


@pytest.fixture
def revealer(tenant) -> Client:
    return browser("revealer", tenant, "viewer", may_reveal=True)


@pytest.fixture
def platform(db) -> Client:
    client = Client()
    client.force_login(User.objects.create_superuser("root", password="x"))
    return client


def sent(tenant: Tenant, **changes: Any) -> Message:
    """Return an accepted message of the template `bill`."""
    message = {"to": "0987654321", "templateId": "bill", "templateData": {"customer": "Nguyễn Văn An"}} | changes
    accepted = accept(tenant.pk, json.dumps({"messages": [message]}).encode(), test=False)
    return Message.objects.get(bulk_id=accepted.bulk_id)
