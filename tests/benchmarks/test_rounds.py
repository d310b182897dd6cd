"""Rounds end in time, and fewer than were meant prove nothing."""

from benchmarks.rounds import rounds, too_few


def test_all_rounds_are_made_where_there_is_time():
    assert list(rounds(60.0, 3)) == [0, 1, 2]


def test_the_first_round_is_made_however_little_time_there_is():
    assert list(rounds(0.0, 3)) == [0]


def test_enough_rounds_lack_nothing():
    assert too_few(3) == ""


def test_too_few_rounds_are_told():
    assert too_few(2) == "2 of 3 rounds ended in its time"
