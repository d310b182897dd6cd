"""Every magic recipient of the sandbox reaches the end it prescribes, over real HTTP, receipts included."""

import pytest

from messaging.states import State
from tests.messaging.world import World

ENDS = {
    "delivered": State.DELIVERED,
    "late_receipt": State.DELIVERED,
    "duplicate_receipt": State.DELIVERED,
    "receipt_before_answer": State.DELIVERED,
    "transient_then_delivered": State.DELIVERED,
    "timeout_after_accept": State.DELIVERED,
    "not_on_zalo": State.REJECTED,
    "blocked": State.REJECTED,
    "never_delivered": State.EXPIRED,
    "quota_exceeded": State.EXPIRED,
    "server_error": State.UNDELIVERABLE,
}


@pytest.mark.slow
def test_each_magic_recipient_reaches_its_end(hooked: World, dispatchers):
    magic = {name: number for number, name in hooked.sandbox.accounts()["magic"].items()}
    assert magic.keys() == ENDS.keys()
    ids = hooked.send(*(magic[name] for name in ENDS), template="order")
    assert dict(zip(ENDS, hooked.ends(*ids, bound=45), strict=True)) == ENDS
    assert [hooked.due(message_id) for message_id in ids] == [None] * len(ids)
