"""Places: shared so that one account never takes the last."""

from hypothesis import given
from hypothesis import strategies as st

from messaging.dispatch.places import Places
from messaging.dispatch.worker import places as places_of
from messaging.states import MessageClass


def test_a_lone_account_may_hold_half():
    assert Places(512).free_for(1) == 256


def test_a_second_account_may_hold_half_of_what_the_first_leaves():
    places = Places(512)
    places.take(1, 256)
    assert (places.free_for(1), places.free_for(2)) == (0, 128)


def test_places_given_back_are_free_again():
    places = Places(512)
    places.take(1, 256)
    places.give_back(1, 256)
    assert (places.free_for(1), places.held) == (256, 0)


@given(st.lists(st.tuples(st.integers(1, 8), st.integers(1, 600)), max_size=40))
def test_accounts_that_never_answer_leave_room_for_another(claims: list[tuple[int, int]]):
    places = Places(1024)
    for account, wanted in claims:
        places.take(account, min(wanted, places.free_for(account)))
    assert places.held < 1024
    assert places.free_for(99) >= 1
    assert places.claimable(99) == places.free_for(99)


def test_an_account_with_many_calls_under_way_waits_for_more_than_a_handful_of_places():
    places = Places(1024)
    places.take(1, 449)
    assert (places.free_for(1), places.claimable(1)) == (63, 0)
    places.give_back(1, 1)
    assert places.claimable(1) == 64


def test_with_the_fewest_places_something_still_leaves(settings):
    settings.DISPATCH_PLACES = 1
    assert [Places(places_of(each)).claimable(1) for each in MessageClass] == [1, 1, 1]
