"""Turns go by tenant, then by lane."""

from messaging.dispatch.turns import Turn, Turns


def order(turns: Turns, count: int) -> list[int]:
    found = [turns.next(1.0) for _ in range(count)]
    return [turn.lane_id for turn in found if turn is not None]


def test_a_tenant_with_many_lanes_gets_no_more_turns_than_one_with_a_single_lane():
    turns = Turns()
    for lane in (11, 12, 13):
        turns.wake(lane, tenant_id=1)
    turns.wake(21, tenant_id=2)
    assert order(turns, 6) == [11, 21, 12, 21, 13, 21]


def test_a_lane_whose_time_has_not_come_is_passed_over():
    turns = Turns()
    turns.wake(1, tenant_id=1).look_at = 5.0
    turns.wake(2, tenant_id=1)
    assert order(turns, 2) == [2, 2]
    assert turns.next_time() == 0.0


def test_a_sleeping_lane_has_no_turn_until_it_is_rung():
    turns = Turns()
    turns.wake(1, tenant_id=1)
    turns.sleep(1)
    assert (turns.next(1.0), turns.next_time(), len(turns)) == (None, None, 0)


def test_ringing_an_idle_lane_has_it_looked_at_at_once():
    turns = Turns()
    turn = turns.wake(1, tenant_id=1)
    turn.look_at, turn.idle_since, turn.last_look = 9.0, 1.0, True
    assert turns.wake(1, tenant_id=1) is turn
    assert turn == Turn(1)
