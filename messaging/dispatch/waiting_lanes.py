"""Lanes in which something waits for its turn, or is in flight, found by skipping through the indexes of due rows.

What it costs grows with those lanes, and not with all that bulks have left behind.
"""

from messaging.states import Phase

_LANES = """
WITH RECURSIVE {name} (lane_id) AS (
    (SELECT due.lane_id FROM due WHERE due.phase = {phase} ORDER BY due.lane_id LIMIT 1)
    UNION ALL
    SELECT (SELECT due.lane_id FROM due
            WHERE due.phase = {phase} AND due.lane_id > {name}.lane_id ORDER BY due.lane_id LIMIT 1)
    FROM {name} WHERE {name}.lane_id IS NOT NULL
)
"""
# To stand first in a query: `waiting (lane_id)`, with one row of NULL at its end; and `flying (lane_id)` likewise.
WAITING_LANES = _LANES.format(name="waiting", phase=Phase.READY.value)
FLYING_LANES = _LANES.format(name="flying", phase=Phase.SENDING.value)
