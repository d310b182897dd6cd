import secrets
import socket

import pytest

from tenants import rate_limit
from tenants.rate_limit import take


@pytest.fixture
def key_id() -> int:
    return secrets.randbits(48)


@pytest.fixture
def redis_gone(settings):
    """Point at a port on which nobody listens."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        settings.REDIS_URL = f"redis://127.0.0.1:{listener.getsockname()[1]}/0"
    rate_limit.reset()
    yield
    rate_limit.reset()


def test_a_key_may_use_its_whole_minute_at_once(key_id):
    assert [take(key_id, 3)[:3] for _ in range(3)] == [(True, 3, 2), (True, 3, 1), (True, 3, 0)]


def test_a_call_over_the_limit_is_told_when_to_come_again(key_id):
    for _ in range(3):
        take(key_id, 3)
    refused = take(key_id, 3)
    assert (refused.allowed, refused.remaining, refused.retry_after_s, refused.reset_s) == (False, 0, 20, 60)


def test_a_refused_call_takes_nothing(key_id):
    for _ in range(3):
        take(key_id, 3)
    assert take(key_id, 3).retry_after_s == take(key_id, 3).retry_after_s == 20


def test_a_dear_call_takes_its_cost(key_id):
    assert take(key_id, 10, cost=4).remaining == 6


def test_a_cost_above_the_limit_can_be_paid_by_a_whole_allowance(key_id):
    assert take(key_id, 10, cost=50)[:3] == (True, 10, 0)


def test_keys_do_not_share(key_id):
    take(key_id, 1)
    assert take(key_id + 1, 1).allowed


def test_without_redis_every_call_is_allowed(redis_gone, key_id):
    assert [take(key_id, 1).allowed for _ in range(3)] == [True, True, True]
