from datetime import date
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from tenants import sealing
from tenants.data_keys import TenantKeys
from tenants.models import Account, OfficialAccount, ZaloApp
from tenants.rotation import keys_in_use, reseal, sealed_tables

OLD, NEW = b"o" * 32, b"n" * 32
DAY = date(2026, 11, 21)


@pytest.fixture
def under(settings):
    """Set the master keys for what follows, and put them back at the end."""

    def put(keys: dict[int, bytes]) -> None:
        settings.MASTER_KEYS = keys
        sealing.forget()

    yield put
    sealing.forget()


@pytest.fixture
def filled(tenant, under) -> ZaloApp:
    """Rows of all kinds sealed under key 1, the new key 2 being first now."""
    under({1: OLD})
    app = ZaloApp(tenant=tenant, name="Bakery", app_id="71")
    app.app_secret, app.oa_secret_key = "app-secret", "oa-secret"
    app.save()
    account = Account.objects.create(tenant=tenant, kind="zalo_oa", name="Bakery")
    row = OfficialAccount(account=account, app=app, oa_id="52")
    row.access_token = "access"
    row.save()
    TenantKeys().content_key(tenant.id, DAY)
    under({2: NEW, 1: OLD})
    return app


def test_after_a_rotation_everything_opens_without_the_old_key(filled, tenant, under):
    sealed = TenantKeys().content_key(tenant.id, DAY).seal(b"content", b"")
    call_command("rotate_master_key", stdout=StringIO())
    under({2: NEW})
    app = ZaloApp.objects.get()
    row = OfficialAccount.objects.get()
    assert (app.app_secret, app.oa_secret_key, app.fixed_verifier) == ("app-secret", "oa-secret", "")
    assert (row.access_token, row.refresh_token) == ("access", "")
    assert TenantKeys().content_key(tenant.id, DAY).open(sealed, b"") == b"content"


def test_what_is_under_which_key_is_counted(filled):
    assert keys_in_use() == {1: 4}


def test_a_second_run_finds_nothing(filled):
    assert sum(reseal(table) for table in sealed_tables()) == 3
    assert sum(reseal(table) for table in sealed_tables()) == 0


def test_more_rows_than_a_batch_are_all_rotated(tenant, under):
    under({1: OLD})
    for month in range(1, 8):
        TenantKeys().content_key(tenant.id, date(2026, month, 1))
    under({2: NEW, 1: OLD})
    assert sum(reseal(table, batch=3) for table in sealed_tables()) == 7
    assert keys_in_use() == {2: 7}


def test_a_key_that_is_missing_is_named(filled, under):
    under({2: NEW})
    with pytest.raises(CommandError, match="master key 1 is not in GATEWAY_MASTER_KEYS"):
        call_command("rotate_master_key")
