"""Receipts that come in while others are written share a transaction; what fails takes nothing along."""

import threading
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from datetime import UTC, datetime

import pytest
from django.db import connection, transaction

from messaging.models import Receipt
from messaging.receipts.store import store
from messaging.receipts.writing import backlog
from providers.contract import Event, EventKind
from tenants.data_keys import content_key
from tests.factories import TenantFactory
from tests.messaging.receipts.test_apply import AT
from tests.providers.sandbox.running import eventually

THREADS = 5


@pytest.fixture
def tenant(transactional_db) -> int:
    tenant_id = int(TenantFactory.create().pk)
    content_key(tenant_id, datetime.now(UTC).date())
    return tenant_id


@pytest.fixture
def threads() -> Iterator[ThreadPoolExecutor]:
    """As many threads as a web process might have, each with a connection of its own."""
    with ThreadPoolExecutor(THREADS) as pool:
        yield pool
        barrier = threading.Barrier(THREADS)

        def close() -> None:
            barrier.wait(10)
            connection.close()

        for _ in range(THREADS):
            pool.submit(close)


def keep(tenant: int, name: str) -> None:
    store(tenant, "zalo", b"{}", [Event(kind=EventKind.DELIVERED, name="n", key="k", at=AT, provider_message_id=name)])


def waiting_for_the_table() -> int:
    with connection.cursor() as sql:
        sql.execute("SELECT count(*) FROM pg_locks WHERE relation = 'receipt'::regclass AND NOT granted")
        return int(sql.fetchone()[0])


@contextmanager
def written_together(tenant: int, threads: ThreadPoolExecutor, names: list[str]) -> Iterator[list[Future[None]]]:
    """Start a first receipt that cannot be written yet, then those of `names`; all go on at the end of the block."""
    with transaction.atomic():
        with connection.cursor() as sql:
            sql.execute("LOCK TABLE receipt IN SHARE MODE")
        threads.submit(keep, tenant, "first")
        assert eventually(waiting_for_the_table) == 1
        calls = [threads.submit(keep, tenant, name) for name in names]
        assert eventually(lambda: backlog() == len(names))
        yield calls


def kept() -> list[str]:
    return sorted(Receipt.objects.values_list("provider_message_id", flat=True))


def transactions() -> int:
    with connection.cursor() as sql:
        sql.execute("SELECT count(DISTINCT xmin::text) FROM receipt")
        return int(sql.fetchone()[0])


def test_receipts_that_come_in_during_a_write_share_the_next_transaction(tenant: int, threads: ThreadPoolExecutor):
    with written_together(tenant, threads, ["a", "b", "c", "d"]) as calls:
        assert waiting_for_the_table() == 1
    assert [call.result(10) for call in calls] == [None] * 4
    assert kept() == ["a", "b", "c", "d", "first"]
    assert transactions() == 2


def test_a_receipt_that_cannot_be_written_fails_alone(tenant: int, threads: ThreadPoolExecutor):
    with written_together(tenant, threads, ["a", "no\0text", "c"]) as calls:
        assert waiting_for_the_table() == 1
    assert [type(call.exception(10)).__name__ for call in calls] == ["NoneType", "UntranslatableCharacter", "NoneType"]
    assert kept() == ["a", "c", "first"]


def test_a_receipt_in_the_callers_transaction_takes_nobody_along(tenant: int, threads: ThreadPoolExecutor):
    with transaction.atomic():
        keep(tenant, "rolled back")
        assert threads.submit(keep, tenant, "beside").result(10) is None
        transaction.set_rollback(True)
    assert kept() == ["beside"]
