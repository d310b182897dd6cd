import pytest

from tenants import data_keys
from tenants.models import Tenant


@pytest.fixture(autouse=True)
def nothing_kept():
    """Start each test without keys of the test before it."""
    data_keys.forget()


@pytest.fixture
def tenant(db) -> Tenant:
    return Tenant.objects.create(slug="bakery", name="Bakery")


@pytest.fixture
def other_tenant(db) -> Tenant:
    return Tenant.objects.create(slug="pharmacy", name="Pharmacy")
