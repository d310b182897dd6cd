"""Lanes in which something waits for its turn, found by skipping through the index of due rows.

What it costs grows with those lanes, and not with all that bulks have left behind.
"""

from messaging.states import Phase

# To stand first in a query: `waiting (lane_id)`, with one row of NULL at its end.
WAITING_LANES = f"""
WITH RECURSIVE waiting (lane_id) AS (
    (SELECT due.lane_id FROM due WHERE due.phase = {Phase.READY} ORDER BY due.lane_id LIMIT 1)
    UNION ALL
    SELECT (SELECT due.lane_id FROM due
            WHERE due.phase = {Phase.READY} AND due.lane_id > waiting.lane_id ORDER BY due.lane_id LIMIT 1)
    FROM waiting WHERE waiting.lane_id IS NOT NULL
)
"""
