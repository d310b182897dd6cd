"""Places: shared so that one account never takes the last."""

from hypothesis import given
from hypothesis import strategies as st

from messaging.dispatch.places import Places


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
