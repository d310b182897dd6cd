from datetime import timedelta
from threading import Event, Thread
from uuid import UUID

import pytest
from django.db import connection, transaction

from tenants import clock
from tenants.custody import ReconnectNeeded, RefreshFailed, RefreshInProgress, access_token, paste, refresh
from tenants.models import OfficialAccount
from tests.tenants.custody.token_endpoint import pair

Status = OfficialAccount.Status
SOMEBODY = UUID(int=1)
pytestmark = pytest.mark.django_db(transaction=True)


def read(row: OfficialAccount) -> OfficialAccount:
    return OfficialAccount.objects.select_related("account").get(pk=row.pk)


def tokens(row: OfficialAccount) -> tuple[str, str]:
    row = read(row)
    return row.access_token, row.refresh_token


def test_a_refresh_returns_and_stores_the_new_pair(connected, endpoint):
    endpoint(pair(1))
    assert refresh(connected.pk, "access-0") == "access-1"
    assert tokens(connected) == ("access-1", "refresh-1")


def test_the_token_endpoint_gets_the_refresh_token_and_the_app(connected, endpoint):
    zalo = endpoint(pair(1))
    refresh(connected.pk, "access-0")
    assert zalo.heard == [{"refresh_token": "refresh-0", "app_id": "710", "grant_type": "refresh_token"}]


def test_the_lives_of_the_pair_are_kept(connected, endpoint):
    endpoint(pair(1, refresh_token_expires_in="864000"))
    refresh(connected.pk, "access-0")
    row, now = read(connected), clock.now()
    assert row.access_expires_at and row.refresh_at and row.refresh_expires_at
    assert timedelta(hours=24, minutes=59) < row.access_expires_at - now < timedelta(hours=25)
    assert timedelta(hours=19, minutes=59) < row.refresh_at - now < timedelta(hours=20)
    assert timedelta(days=9, hours=23) < row.refresh_expires_at - now < timedelta(days=10)


def test_a_token_stale_only_for_the_caller_is_answered_without_a_call(connected, endpoint):
    zalo = endpoint(pair(1))
    assert refresh(connected.pk, "access-of-yesterday") == "access-0"
    assert zalo.heard == []


def test_a_missing_refresh_token_never_replaces_the_stored_one(connected, endpoint):
    endpoint({"access_token": "access-1", "expires_in": "90000"})
    refresh(connected.pk, "access-0")
    assert tokens(connected) == ("access-1", "refresh-0")


@pytest.mark.parametrize(
    ("answer", "code"),
    [
        (b"", "refresh_refused"),
        ({"error": -14014, "error_name": "Invalid refresh token."}, "refresh_refused"),
        ({"error": "-14014", "error_name": "Invalid refresh token."}, "refresh_refused"),
        ({"error": -14002, "error_name": "Invalid appId"}, "configuration"),
        ({"error": -14004, "error_name": "Invalid secret key"}, "configuration"),
    ],
)
def test_a_refusal_asks_for_a_person_and_keeps_the_refresh_token(connected, endpoint, answer, code):
    endpoint(answer)
    with pytest.raises(ReconnectNeeded):
        refresh(connected.pk, "access-0")
    row = read(connected)
    assert (row.status, row.status_code, row.refresh_token) == (Status.RECONNECT, code, "refresh-0")


def test_the_reason_is_told_in_words(connected, endpoint):
    endpoint({"error": -14014, "error_name": "Invalid refresh token."})
    with pytest.raises(ReconnectNeeded) as told:
        refresh(connected.pk, "access-0")
    assert str(told.value) == (
        "Zalo refused the refresh token: it was used elsewhere, withdrawn or is too old. Connect it again. "
        "Zalo: -14014 Invalid refresh token."
    )


def test_a_refused_refresh_token_is_not_sent_again(connected, endpoint):
    zalo = endpoint(b"")
    for _ in range(3):
        with pytest.raises(ReconnectNeeded):
            refresh(connected.pk, "access-0")
    assert len(zalo.heard) == 1


def test_a_token_that_zalo_refuses_ends_with_a_refused_renewal(connected, endpoint):
    endpoint(b"")
    with pytest.raises(ReconnectNeeded):
        refresh(connected.pk, "access-0")
    with pytest.raises(ReconnectNeeded):
        access_token(connected.pk)


def test_a_token_renewed_ahead_of_time_is_used_to_its_end_when_renewal_is_refused(connected, endpoint):
    endpoint(b"")
    with pytest.raises(ReconnectNeeded):
        refresh(connected.pk, "access-0", refused=False)
    assert access_token(connected.pk) == "access-0"


@pytest.mark.parametrize("answer", [b"<html>502 Bad Gateway</html>", {"error": -32, "message": "slow down"}])
def test_a_passing_fault_keeps_the_pair(connected, endpoint, answer):
    endpoint(answer)
    with pytest.raises(RefreshFailed) as failed:
        refresh(connected.pk, "access-0")
    assert failed.value.retry_after == 5
    assert (tokens(connected), read(connected).status) == (("access-0", "refresh-0"), Status.CONNECTED)


def test_after_a_passing_fault_zalo_is_left_alone_for_a_while(connected, endpoint):
    zalo = endpoint(b"<html>502</html>")
    for _ in range(3):
        with pytest.raises(RefreshFailed):
            refresh(connected.pk, "access-0")
    assert len(zalo.heard) == 1


def test_the_wait_doubles_and_then_renewal_goes_on(connected, endpoint, moved):
    zalo = endpoint(b"<html>502</html>", b"<html>502</html>", pair(1))
    with pytest.raises(RefreshFailed):
        refresh(connected.pk, "access-0")
    with moved(timedelta(seconds=6)), pytest.raises(RefreshFailed) as second:
        refresh(connected.pk, "access-0")
    assert second.value.retry_after == 10
    with moved(timedelta(seconds=17)):
        assert refresh(connected.pk, "access-0") == "access-1"
    assert len(zalo.heard) == 3


def test_a_lost_answer_is_asked_for_once_more_with_the_same_refresh_token(connected, endpoint):
    zalo = endpoint(None, pair(1))
    assert refresh(connected.pk, "access-0") == "access-1"
    assert [form["refresh_token"] for form in zalo.heard] == ["refresh-0", "refresh-0"]


def test_a_lost_answer_whose_refresh_token_is_used_up_asks_for_a_person(connected, endpoint):
    endpoint(None, b"")
    with pytest.raises(ReconnectNeeded):
        refresh(connected.pk, "access-0")
    assert read(connected).status_code == "refresh_lost"


def test_two_lost_answers_are_a_passing_fault(connected, endpoint):
    zalo = endpoint(None)
    with pytest.raises(RefreshFailed):
        refresh(connected.pk, "access-0")
    assert len(zalo.heard) == 2


def test_while_one_renews_others_are_told_so(connected, endpoint):
    told: list[float] = []

    def meanwhile() -> dict[str, str]:
        with pytest.raises(RefreshInProgress) as busy:
            refresh(connected.pk, "access-0")
        told.append(busy.value.retry_after)
        return pair(1)

    zalo = endpoint(meanwhile)
    assert refresh(connected.pk, "access-0") == "access-1"
    assert (len(zalo.heard), told) == (1, [1.0])


def test_no_lock_is_held_while_zalo_is_asked(connected, endpoint):
    def meanwhile() -> dict[str, str]:
        with transaction.atomic():
            OfficialAccount.objects.select_for_update(nowait=True).get(pk=connected.pk)
        return pair(1)

    endpoint(meanwhile)
    assert refresh(connected.pk, "access-0") == "access-1"


def test_a_pair_that_a_person_connects_meanwhile_wins(connected, endpoint):
    def meanwhile() -> dict[str, str]:
        paste(connected, "access-9", "refresh-9")
        return pair(1)

    endpoint(meanwhile)
    assert refresh(connected.pk, "access-0") == "access-9"
    assert tokens(connected) == ("access-9", "refresh-9")


def test_a_refusal_of_the_old_pair_does_not_spoil_a_new_one(connected, endpoint):
    def meanwhile() -> bytes:
        paste(connected, "access-9", "refresh-9")
        return b""

    endpoint(meanwhile)
    assert refresh(connected.pk, "access-0") == "access-9"
    assert read(connected).status == Status.CONNECTED


def leave_a_lease(row: OfficialAccount) -> None:
    """Do as a refresher that was killed."""
    OfficialAccount.objects.filter(pk=row.pk).update(
        refresh_lease=SOMEBODY, refresh_lease_until=clock.now() + timedelta(seconds=30)
    )


def test_the_lease_of_a_dead_refresher_holds_until_its_end(connected, endpoint):
    leave_a_lease(connected)
    zalo = endpoint(pair(1))
    with pytest.raises(RefreshInProgress):
        refresh(connected.pk, "access-0")
    assert zalo.heard == []


def test_a_refresher_that_died_before_the_call_is_followed_by_one_that_renews(connected, endpoint, moved):
    leave_a_lease(connected)
    endpoint(pair(1))
    with moved(timedelta(seconds=31)):
        assert refresh(connected.pk, "access-0") == "access-1"


def test_a_refresher_that_died_after_the_call_is_followed_by_one_that_says_what_was_lost(connected, endpoint, moved):
    leave_a_lease(connected)
    endpoint(b"")
    with moved(timedelta(seconds=31)), pytest.raises(ReconnectNeeded):
        refresh(connected.pk, "access-0")
    assert read(connected).status_code == "refresh_lost"


def test_a_refresher_that_outlives_its_lease_still_saves_the_only_good_pair(connected, endpoint, moved):
    """The second one is told that the refresh token was used: by the first, whose pair comes late."""
    outcome: list[str] = []
    first_is_done = Event()

    def second_asks() -> None:
        with moved(timedelta(minutes=1)):
            outcome.append(refresh(connected.pk, "access-0"))
        connection.close()

    def used_up() -> bytes:
        second_arrived.set()
        assert first_is_done.wait(10)
        return b""

    def slow() -> dict[str, str]:
        second.start()
        assert second_arrived.wait(10)
        return pair(1)

    second, second_arrived = Thread(target=second_asks), Event()
    endpoint(slow, used_up)
    assert refresh(connected.pk, "access-0") == "access-1"
    first_is_done.set()
    second.join(10)
    assert outcome == ["access-1"]
    assert (tokens(connected), read(connected).status) == (("access-1", "refresh-1"), Status.CONNECTED)


def test_a_refresher_that_outlived_its_lease_does_not_judge_for_the_next_one(connected, endpoint, moved):
    """The first is told that the refresh token was used: by the second, whose pair is still on its way."""
    outcome: list[str] = []
    first_is_done, second_arrived = Event(), Event()

    def second_asks() -> None:
        with moved(timedelta(minutes=1)):
            outcome.append(refresh(connected.pk, "access-0"))
        connection.close()

    def late_pair() -> dict[str, str]:
        second_arrived.set()
        assert first_is_done.wait(10)
        return pair(2)

    def used_up() -> bytes:
        second.start()
        assert second_arrived.wait(10)
        return b""

    second = Thread(target=second_asks)
    endpoint(used_up, late_pair)
    with pytest.raises(RefreshInProgress):
        refresh(connected.pk, "access-0")
    assert read(connected).status == Status.CONNECTED
    first_is_done.set()
    second.join(10)
    assert outcome == ["access-2"]
    assert (tokens(connected), read(connected).status) == (("access-2", "refresh-2"), Status.CONNECTED)


def test_an_ended_access_token_is_renewed_when_it_is_asked_for(connected, endpoint, moved):
    endpoint(pair(1))
    with moved(timedelta(hours=25)):
        assert access_token(connected.pk) == "access-1"


def test_a_working_access_token_is_handed_out_without_a_call(connected, endpoint):
    zalo = endpoint(pair(1))
    assert access_token(connected.pk) == "access-0"
    assert zalo.heard == []


def test_an_account_that_was_never_connected_asks_for_a_person(unconnected, endpoint):
    zalo = endpoint(pair(1))
    with pytest.raises(ReconnectNeeded):
        access_token(unconnected.pk)
    assert (zalo.heard, read(unconnected).status) == ([], Status.NOT_CONNECTED)


def test_without_a_refresh_token_it_works_until_the_end_and_says_so(unconnected, endpoint, moved):
    row = paste(unconnected, "access-0")
    assert (row.status, row.status_code) == (Status.ENDS, "no_refresh_token")
    assert access_token(row.pk) == "access-0"
    with moved(timedelta(hours=25)), pytest.raises(ReconnectNeeded):
        access_token(row.pk)


def test_without_a_refresh_token_a_refused_access_token_asks_for_a_person(unconnected, endpoint):
    row = paste(unconnected, "access-0")
    with pytest.raises(ReconnectNeeded):
        refresh(row.pk, "access-0")
    assert (read(row).status, read(row).status_code) == (Status.RECONNECT, "ended")


def test_pasting_a_lone_access_token_keeps_the_stored_refresh_token(connected):
    paste(connected, "access-9")
    assert (tokens(connected), read(connected).status) == (("access-9", "refresh-0"), Status.ENDS)


def test_a_refresh_inside_a_transaction_is_refused(connected, endpoint):
    zalo = endpoint(pair(1))
    with pytest.raises(RuntimeError), transaction.atomic():
        refresh(connected.pk, "access-0")
    assert zalo.heard == []


def test_tokens_are_not_stored_in_clear(connected):
    row = read(connected)
    assert b"access-0" not in bytes(row.access_token_sealed)
    assert b"refresh-0" not in bytes(row.refresh_token_sealed)
