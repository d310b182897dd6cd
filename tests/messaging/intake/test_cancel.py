import threading

import msgspec
import pytest
from django.db import connections, transaction

from messaging.intake.accept import accept
from messaging.intake.cancel import Refusal, cancel
from messaging.models import Due, Message
from messaging.states import Phase, State
from tests import factories
from tests.messaging.intake.conftest import message
from tests.providers.sandbox.running import eventually

BODY = msgspec.json.encode({"messages": [message()]})


def test_a_message_of_another_tenant_is_not_found(tenant):
    other = factories.sending_tenant("pharmacy")
    accept(tenant.id, BODY, test=False)
    assert cancel(other.id, Message.objects.get().id) is Refusal.NOT_FOUND
    assert Due.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_a_message_claimed_at_the_same_moment_has_left():
    tenant = factories.sending_tenant("racing")
    accept(tenant.id, BODY, test=False)
    row = Message.objects.get(tenant=tenant)
    results: list[Refusal | None] = []

    def call() -> None:
        try:
            results.append(cancel(tenant.id, row.id))
        finally:
            connections.close_all()

    thread = threading.Thread(target=call)
    with transaction.atomic():
        Due.objects.select_for_update().get(message_id=row.id)
        thread.start()
        assert eventually(lambda: waiting_for_a_lock())
        Due.objects.filter(message_id=row.id).update(phase=Phase.SENDING, attempt=1)
    thread.join(30)
    assert results == [Refusal.LEFT]
    assert Message.objects.get(id=row.id).state == State.QUEUED


def waiting_for_a_lock() -> bool:
    """Return whether some session waits for another."""
    with connections["default"].cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_locks WHERE NOT granted")
        return bool(cursor.fetchone()[0])


@pytest.mark.django_db(transaction=True)
def test_of_many_cancels_at_once_one_succeeds():
    tenant = factories.sending_tenant("racing")
    accept(tenant.id, BODY, test=False)
    row = Message.objects.get(tenant=tenant)
    barrier, results = threading.Barrier(5), list[Refusal | None]()

    def call() -> None:
        try:
            barrier.wait(10)
            results.append(cancel(tenant.id, row.id))
        finally:
            connections.close_all()

    threads = [threading.Thread(target=call) for _ in range(5)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert sorted(map(str, results)) == ["ALREADY_ENDED"] * 4 + ["None"]
    assert Message.objects.get(id=row.id).events == 1
