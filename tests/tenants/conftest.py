from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from datetime import timedelta

import pytest
from django.db import connection

from tenants import data_keys
from tenants.clock import CREATE_CLOCK
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


@contextmanager
def _moved(by: timedelta) -> Iterator[None]:
    with connection.cursor() as cursor:
        cursor.execute(CREATE_CLOCK.replace("clock_timestamp()", f"clock_timestamp() + interval ''{by}''"))
        try:
            yield
        finally:
            cursor.execute(CREATE_CLOCK)


@pytest.fixture
def moved(db) -> Callable[[timedelta], AbstractContextManager[None]]:
    """Move the database's clock for the time of a block."""
    return _moved
