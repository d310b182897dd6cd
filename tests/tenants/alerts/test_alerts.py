"""Alerts: one open row a key, one mail each, to those who can act."""

import threading

import pytest
from django.contrib.auth.models import User
from django.core import mail
from django.db import connection, transaction

from tenants.alerts import end_alert, mail_alerts, raise_alert
from tenants.models import Alert, Member, Tenant
from tests.factories import TenantFactory


@pytest.fixture
def tenant(transactional_db) -> Tenant:
    tenant: Tenant = TenantFactory.create(slug="bakery", name="Bakery")
    for role in Member.Role:
        user = User.objects.create_user(f"{role}-1", email=f"{role}@bakery.example")
        Member.objects.create(user=user, tenant=tenant, role=role)
    Member.objects.create(user=User.objects.create_user("no-address"), tenant=tenant, role=Member.Role.OWNER)
    return tenant


def stopped(tenant: Tenant | None, key: str = "channel:1") -> bool:
    return raise_alert(
        tenant.pk if tenant else None,
        Alert.Kind.CHANNEL_STOPPED,
        key,
        about="zns",
        body="-120 no permission. Ask Zalo.",
    )


def test_an_alert_is_raised_once_while_it_lasts(tenant):
    assert [stopped(tenant), stopped(tenant)] == [True, False]
    assert end_alert("channel:1")
    assert stopped(tenant)
    assert [alert.ended_at is None for alert in Alert.objects.order_by("pk")] == [False, True]


def test_ending_what_is_not_open_does_nothing(tenant):
    assert not end_alert("channel:1")


def test_owners_and_operators_get_one_mail_each_alert(tenant):
    stopped(tenant)
    assert [mail_alerts(), mail_alerts()] == [1, 0]
    (sent,) = mail.outbox
    assert sent.subject == "[Bakery] Channel zns is stopped"
    assert sent.recipients() == ["operator@bakery.example", "owner@bakery.example"]
    assert "-120 no permission. Ask Zalo." in sent.body
    assert sent.to == []


def test_two_runs_at_once_send_one_mail(tenant):
    for n in range(10):
        stopped(tenant, f"channel:{n}")

    def run() -> None:
        try:
            mail_alerts()
        finally:
            connection.close()

    threads = [threading.Thread(target=run) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)
    assert len(mail.outbox) == 10


def test_a_mail_server_that_refuses_is_tried_again(tenant, settings):
    stopped(tenant)
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT, settings.EMAIL_TIMEOUT = "127.0.0.1", 9, 1
    assert mail_alerts() == 0
    assert Alert.objects.get().mailed_at is None
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    assert mail_alerts() == 1


def test_an_alert_of_nobody_with_an_address_is_not_tried_for_ever(tenant):
    User.objects.update(email="")
    stopped(tenant)
    assert mail_alerts() == 0
    assert Alert.objects.get().mailed_at is not None


def test_what_is_rolled_back_alerts_nobody(tenant):
    with pytest.raises(RuntimeError), transaction.atomic():
        stopped(tenant)
        raise RuntimeError
    assert not Alert.objects.exists()
