"""Ids name message, class and leg, and sort by the time they were made."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from messaging.ids import MAX_LEGS, class_of, leg_id, lowest_id, message_ids, parse_leg_id
from messaging.states import MessageClass

classes = st.sampled_from(list(MessageClass))


@given(classes, st.integers(1, MAX_LEGS))
def test_a_leg_id_names_its_message_and_leg(message_class: MessageClass, n: int):
    (message_id,) = message_ids(1, message_class)
    assert parse_leg_id(leg_id(message_id, n)) == (message_id, n)
    assert class_of(message_id) == message_class


@given(st.text(max_size=40))
def test_what_is_no_leg_id_is_none_or_comes_back_the_same(text: str):
    found = parse_leg_id(text)
    assert found is None or leg_id(*found) == text.lower()


def test_a_message_id_alone_is_no_leg_id():
    assert parse_leg_id(message_ids(1, MessageClass.OTP)[0].hex) is None


@given(st.integers(1, 3000))
def test_a_batch_ascends_and_has_no_repetition(count: int):
    ids = message_ids(count, MessageClass.PROMOTIONAL)
    assert ids == sorted(set(ids))
    assert len(ids) == count
    assert {found.version for found in ids} == {7}


def test_an_id_lies_between_the_bounds_of_its_time():
    before, after = datetime.now(UTC) - timedelta(seconds=1), datetime.now(UTC) + timedelta(seconds=1)
    (message_id,) = message_ids(1, MessageClass.OTP)
    assert lowest_id(before) < message_id < lowest_id(after)
