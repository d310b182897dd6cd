from datetime import timedelta

import pytest

from tenants import clock
from tenants.custody import due_for_refresh, paste, refresh_due, refresh_token_ends_soon
from tenants.models import OfficialAccount
from tests.tenants.custody.token_endpoint import pair

pytestmark = pytest.mark.django_db(transaction=True)


def test_a_young_token_is_not_due(connected, moved):
    with moved(timedelta(hours=19, minutes=59)):
        assert due_for_refresh() == []


def test_a_token_is_due_at_20_of_its_25_hours(connected, moved):
    with moved(timedelta(hours=20)):
        assert due_for_refresh() == [connected.pk]


def test_what_cannot_be_renewed_is_not_due(unconnected, moved):
    paste(unconnected, "access-0")
    with moved(timedelta(hours=24)):
        assert due_for_refresh() == []


def test_what_needs_a_person_is_not_due(connected, moved):
    OfficialAccount.objects.update(status="reconnect")
    with moved(timedelta(hours=24)):
        assert due_for_refresh() == []


def test_what_is_due_is_renewed_once(connected, endpoint, moved):
    zalo = endpoint(pair(1))
    with moved(timedelta(hours=20)):
        assert refresh_due() == (1, 0, 0, 0)
        assert refresh_due() == (0, 0, 0, 0)
    assert len(zalo.heard) == 1


def test_a_refusal_is_counted_as_one_for_a_person(connected, endpoint, moved):
    endpoint(b"")
    with moved(timedelta(hours=20)):
        assert refresh_due() == (0, 0, 1, 0)


def test_nothing_is_started_when_the_time_is_over(connected, endpoint, moved):
    zalo = endpoint(pair(1))
    with moved(timedelta(hours=20)):
        assert refresh_due(seconds=0.0).renewed == 0
    assert zalo.heard == []


def test_a_refresh_token_within_14_days_of_its_end_is_warned_of(connected, endpoint, moved):
    endpoint(b"<html>502</html>")
    with moved(timedelta(days=76)):
        assert refresh_token_ends_soon(connected, clock.now())
        assert refresh_due() == (0, 1, 0, 1)


def test_a_refresh_token_with_more_than_14_days_left_is_not(connected, moved):
    with moved(timedelta(days=75, hours=23)):
        assert not refresh_token_ends_soon(connected, clock.now())
