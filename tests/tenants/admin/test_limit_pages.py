"""Rates of accounts, quiet hours and caps of tenants."""

from datetime import time
from typing import Any

import pytest
from django.urls import reverse

from tenants.models import Account, Tenant

MEMBERS = {"members-TOTAL_FORMS": 0, "members-INITIAL_FORMS": 0}


def save(browser: Any, tenant: Tenant, **fields: Any) -> Any:
    shown = {"name": "Bakery", "time_zone": "Asia/Ho_Chi_Minh", "when_unknown": "wait", **MEMBERS}
    return browser.post(reverse("admin:tenants_tenant_change", args=[tenant.pk]), shown | fields)


def test_an_owner_sets_the_rate_of_an_account(owner, house):
    address = reverse("admin:tenants_account_change", args=[house.account.pk])
    answer = owner.post(address, {"name": "shop", "rate_amount": 90, "rate_unit": "HOUR", "max_in_flight": 8})
    assert answer.status_code == 302
    found = Account.objects.get(pk=house.account.pk)
    assert (found.name, found.rate_amount, found.rate_unit, found.max_in_flight) == ("shop", 90, "HOUR", 8)


def test_an_operator_sets_no_rate(operator, house):
    address = reverse("admin:tenants_account_change", args=[house.account.pk])
    assert operator.post(address, {"name": "shop", "rate_amount": 90, "rate_unit": "HOUR"}).status_code == 403


def test_an_owner_sets_quiet_hours_caps_and_what_follows_a_lost_answer(owner, tenant):
    hours = {"quiet_from": "21:30", "quiet_until": "07:00", "quiet_for_otp": "on"}
    caps = {"promotions_a_day": 2, "promotions_a_month": ""}
    assert save(owner, tenant, **hours, **caps, when_unknown="resend").status_code == 302
    tenant.refresh_from_db()
    assert (tenant.quiet_from, tenant.quiet_until, tenant.quiet_for_otp) == (time(21, 30), time(7), True)
    assert (tenant.promotions_a_day, tenant.promotions_a_month, tenant.when_unknown) == (2, None, "resend")


@pytest.mark.parametrize(
    ("hours", "words"),
    [
        ({"quiet_from": "21:30"}, "Give both ends of the quiet hours, or neither."),
        ({"quiet_until": "07:00"}, "Give both ends of the quiet hours, or neither."),
        ({"quiet_from": "07:00", "quiet_until": "07:00"}, "The quiet hours end when they begin"),
    ],
)
def test_quiet_hours_have_two_ends(owner, tenant, hours, words):
    assert words in save(owner, tenant, **hours).content.decode()
    tenant.refresh_from_db()
    assert tenant.quiet_from is None
