import io
from typing import Any

import msgspec
import pytest
from django.db import connection

from messaging.campaigns.creating import create
from messaging.campaigns.files import store_file
from messaging.campaigns.request import CampaignIn
from messaging.intake import resolve
from messaging.models import Campaign, RecipientFile
from messaging.partitions import make_partitions
from tenants import data_keys
from tenants.clock import now
from tenants.models import Tenant
from tests import factories


@pytest.fixture(autouse=True)
def nothing_kept():
    """Start each test without what this process remembers of the test before it."""
    for room in (resolve, data_keys):
        room.forget()


@pytest.fixture
def tenant(db) -> Tenant:
    """A tenant that can send `bill`, which asks for a customer of 30 characters at most."""
    with connection.cursor() as cursor:
        make_partitions(cursor, now())
    return factories.sending_tenant("bakery")


def phone(n: int) -> str:
    return f"098{n:07d}"


def table(count: int, first: int = 0) -> str:
    """Return a CSV of that many customers."""
    lines = [f"{phone(n)},Khách {n}" for n in range(first, first + count)]
    return "\n".join(["phone,customer", *lines]) + "\n"


def stored(tenant: Tenant, text: str, name: str = "x.csv") -> RecipientFile:
    return store_file(tenant.pk, name, io.BytesIO(text.encode()))


def made(tenant: Tenant, text: str, *, test: bool = False, **wanted: Any) -> Campaign:
    """Return a campaign of `bill` to the customers of a CSV, its numbers in the column `phone`.

    `wanted` are further fields of the API's request.
    """
    fields = {"name": "Spring", "templateId": "bill", "mapping": {"phone": "to"}, **wanted}
    request = msgspec.convert(fields, CampaignIn, strict=True)
    return create(tenant.pk, request, stored(tenant, text), "test", test=test)
