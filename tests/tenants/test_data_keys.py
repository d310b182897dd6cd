from datetime import date
from threading import Barrier, Thread

import pytest
from cryptography.exceptions import InvalidTag
from django.db import connection, transaction
from hypothesis import given
from hypothesis import strategies as st

from tenants.data_keys import ContentKey, KeyGone, Recipients, TenantKeys
from tenants.models import DataKey

DAY = date(2026, 11, 21)


@given(plain=st.binary(max_size=300), bound_to=st.binary(max_size=40))
def test_what_is_sealed_opens_under_the_same_binding(plain, bound_to):
    key = ContentKey(1, b"k" * 32, 0.0)
    assert key.open(key.seal(plain, bound_to), bound_to) == plain


def test_another_binding_does_not_open():
    key = ContentKey(1, b"k" * 32, 0.0)
    with pytest.raises(InvalidTag):
        key.open(key.seal(b"Nguyen", b"message-1|data"), b"message-2|data")


def test_equal_contents_look_different():
    key = ContentKey(1, b"k" * 32, 0.0)
    assert key.seal(b"same", b"") != key.seal(b"same", b"")


def test_a_recipient_hash_is_the_keyed_blake2b_of_16_bytes():
    assert Recipients(b"k" * 32, 0.0).hash("84987654321").hex() == "7d985c3029d1eeb936b99e6210a5c2e8"


def test_a_month_has_one_key(tenant):
    keys = TenantKeys()
    assert keys.content_key(tenant.id, date(2026, 11, 1)).id == keys.content_key(tenant.id, date(2026, 11, 30)).id


def test_the_next_month_has_another_key(tenant):
    keys = TenantKeys()
    assert keys.content_key(tenant.id, DAY).id != keys.content_key(tenant.id, date(2026, 12, 1)).id


def test_another_tenant_cannot_open(tenant, other_tenant):
    keys = TenantKeys()
    sealed = keys.content_key(tenant.id, DAY).seal(b"x", b"b")
    with pytest.raises(InvalidTag):
        keys.content_key(other_tenant.id, DAY).open(sealed, b"b")


def test_a_stored_content_opens_by_its_key_id_in_another_process(tenant):
    key = TenantKeys().content_key(tenant.id, DAY)
    assert TenantKeys().content_key_by_id(key.id).open(key.seal(b"x", b"b"), b"b") == b"x"


def test_recipient_hashes_agree_between_processes(tenant):
    assert TenantKeys().recipient_hash(tenant.id, "84987654321") == TenantKeys().recipient_hash(
        tenant.id, "84987654321"
    )


def test_recipient_hashes_differ_between_tenants(tenant, other_tenant):
    keys = TenantKeys()
    assert keys.recipient_hash(tenant.id, "84987654321") != keys.recipient_hash(other_tenant.id, "84987654321")


def test_no_key_is_stored_in_clear(tenant):
    key = TenantKeys().content_key(tenant.id, DAY)
    wrapped = bytes(DataKey.objects.get(id=key.id).wrapped)
    assert len(wrapped) == 1 + 12 + 32 + 16


def test_a_key_moved_to_another_tenant_does_not_unwrap(tenant, other_tenant):
    key = TenantKeys().content_key(tenant.id, DAY)
    DataKey.objects.filter(id=key.id).update(tenant=other_tenant)
    with pytest.raises(InvalidTag):
        TenantKeys().content_key_by_id(key.id)


def test_an_unknown_tenant_has_no_keys(db):
    with pytest.raises(KeyGone):
        TenantKeys().content_key(987654, DAY)


def test_dropped_keys_erase_the_content(tenant):
    keys = TenantKeys()
    key = keys.content_key(tenant.id, DAY)
    keys.recipients(tenant.id)
    assert keys.drop_keys(tenant.id) == 2
    with pytest.raises(KeyGone):
        keys.content_key_by_id(key.id)


@pytest.mark.django_db(transaction=True)
def test_a_kept_key_costs_no_statement(tenant, django_assert_num_queries):
    keys = TenantKeys()
    key = keys.content_key(tenant.id, DAY)
    keys.recipients(tenant.id)
    with django_assert_num_queries(0):
        keys.content_key(tenant.id, DAY)
        keys.content_key_by_id(key.id)
        keys.recipient_hash(tenant.id, "84987654321")


@pytest.mark.django_db(transaction=True)
def test_a_kept_key_is_read_again_when_its_time_is_over(tenant, django_assert_num_queries):
    keys = TenantKeys(lifetime=0.0)
    keys.content_key(tenant.id, DAY)
    with django_assert_num_queries(1):
        keys.content_key(tenant.id, DAY)


@pytest.mark.django_db(transaction=True)
def test_a_key_of_a_transaction_that_failed_is_not_kept(tenant):
    keys = TenantKeys()
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        lost = keys.content_key(tenant.id, DAY).id
        keys.content_key(tenant.id, DAY)
        raise ZeroDivisionError
    assert keys.content_key(tenant.id, DAY).id != lost
    assert DataKey.objects.filter(id=keys.content_key(tenant.id, DAY).id).exists()


@pytest.mark.django_db(transaction=True)
def test_racing_processes_agree_on_one_key(tenant):
    start, ids = Barrier(8), []

    def race() -> None:
        try:
            start.wait(10)
            ids.append(TenantKeys().content_key(tenant.id, DAY).id)
        finally:
            connection.close()

    racers = [Thread(target=race) for _ in range(8)]
    for racer in racers:
        racer.start()
    for racer in racers:
        racer.join(20)
    assert len(ids) == 8
    assert len(set(ids)) == 1
