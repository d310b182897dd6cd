"""Receipts that fitted no message are looked at again: the message may have been written by a slower transaction."""

from datetime import timedelta

from messaging.dispatch import bell
from messaging.ids import lowest_id
from messaging.models import Receipt
from messaging.sql import atomic_cursor, read_clock

# A message is older than its receipt by then, or it never was ours.
LOOKED_BACK = timedelta(minutes=30)

_REOPEN = f"""
UPDATE receipt SET state = {Receipt.State.OPEN}
WHERE state = {Receipt.State.UNMATCHED} AND received_at >= %(since)s AND id >= %(lowest)s
  AND leg_id <> ''
RETURNING message_class
"""


def reopen_unmatched() -> int:
    """Open the unmatched receipts of the last half hour and ring for them; return how many there were."""
    with atomic_cursor() as sql:
        since = read_clock(sql) - LOOKED_BACK
        # Ids are made by web servers' clocks.
        values = {"since": since, "lowest": lowest_id(since - LOOKED_BACK)}
        classes = [row[0] for row in sql.execute(_REOPEN, values).fetchall()]
    bell.ring_receipts(sorted(set(classes)))
    return len(classes)
