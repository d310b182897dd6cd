import threading

import msgspec
import pytest
from django.db import connection, connections, transaction

from messaging.intake.accept import Accepted
from messaging.intake.errors import BodyDiffers, Refused, StillRunning
from messaging.intake.idempotency import accept_once
from messaging.models import IdempotencyKey, Message
from tests import factories
from tests.messaging.intake.conftest import message

BODY = msgspec.json.encode({"messages": [message(messageId="own"), message(reference="r")]})
OTHER = msgspec.json.encode({"messages": [message()]})


def test_a_repeated_call_gets_the_same_answer_and_stores_nothing(tenant):
    first = accept_once(tenant.id, BODY, "k", test=False)
    again = accept_once(tenant.id, BODY, "k", test=False)
    assert again == first._replace(replayed=True)
    assert Message.objects.count() == 2


def test_another_body_under_the_same_key_is_refused(tenant):
    accept_once(tenant.id, BODY, "k", test=False)
    with pytest.raises(BodyDiffers):
        accept_once(tenant.id, OTHER, "k", test=False)


def test_the_same_body_of_a_test_key_is_another_call(tenant):
    accept_once(tenant.id, OTHER, "k", test=False)
    with pytest.raises(BodyDiffers):
        accept_once(tenant.id, OTHER, "k", test=True)


def test_keys_of_tenants_do_not_meet(tenant):
    other = factories.sending_tenant("pharmacy")
    accept_once(tenant.id, OTHER, "k", test=False)
    assert not accept_once(other.id, OTHER, "k", test=False).replayed


def test_a_refused_call_does_not_use_up_its_key(tenant):
    with pytest.raises(Refused):
        accept_once(tenant.id, b'{"messages":[]}', "k", test=False)
    assert not accept_once(tenant.id, BODY, "k", test=False).replayed


def test_a_key_is_free_again_after_48_hours(tenant):
    accept_once(tenant.id, OTHER, "k", test=False)
    with connection.cursor() as cursor:
        cursor.execute("UPDATE idempotency_key SET created_at = created_at - interval '48 hours 1 second'")
    assert not accept_once(tenant.id, OTHER, "k", test=False).replayed
    assert IdempotencyKey.objects.count() == 1
    assert Message.objects.count() == 2


def test_a_key_is_kept_for_48_hours(tenant):
    accept_once(tenant.id, OTHER, "k", test=False)
    with connection.cursor() as cursor:
        cursor.execute("UPDATE idempotency_key SET created_at = created_at - interval '47 hours 59 minutes'")
    assert accept_once(tenant.id, OTHER, "k", test=False).replayed


@pytest.mark.django_db(transaction=True)
def test_of_many_calls_at_once_one_is_stored():
    tenant = factories.sending_tenant("racing")
    barrier = threading.Barrier(8)
    results: list[Accepted | None] = []

    def call():
        try:
            barrier.wait(10)
            results.append(accept_once(tenant.id, BODY, "k", test=False))
        except StillRunning:
            results.append(None)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=call) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert len(results) == 8
    stored = [result for result in results if result is not None]
    assert len([result for result in stored if not result.replayed]) == 1
    assert len({result.bulk_id for result in stored}) == 1
    assert Message.objects.filter(tenant=tenant).count() == 2


@pytest.mark.django_db(transaction=True)
def test_while_the_first_call_runs_another_is_told_so():
    tenant = factories.sending_tenant("racing")
    told = []

    def call():
        try:
            accept_once(tenant.id, BODY, "k", test=False)
        except StillRunning:
            told.append("still running")
        finally:
            connections.close_all()

    with transaction.atomic():
        accept_once(tenant.id, BODY, "k", test=False)
        thread = threading.Thread(target=call)
        thread.start()
        thread.join(30)
    assert told == ["still running"]


@pytest.mark.django_db(transaction=True)
def test_of_calls_with_the_same_own_id_at_once_one_is_stored():
    tenant = factories.sending_tenant("racing")
    barrier = threading.Barrier(6)
    results: list[object] = []

    def call(n):
        try:
            barrier.wait(10)
            results.append(accept_once(tenant.id, BODY, f"k{n}", test=False))
        except Refused as refused:
            results.append([(error.field, error.code) for error in refused.errors])
        finally:
            connections.close_all()

    threads = [threading.Thread(target=call, args=(n,)) for n in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert sorted(map(str, results)).count(str([("messages[0].messageId", "duplicate")])) == 5
    assert Message.objects.filter(tenant=tenant).count() == 2
