"""Probes: a stopped channel lets one message through at its time, whatever the number of workers and lanes."""

from datetime import datetime, timedelta
from typing import Any

import msgspec
import psycopg

from messaging.dispatch.claiming.facts import Facts


class Stop(msgspec.Struct, frozen=True):
    """Why a channel is stopped; `may_probe` lets this claim, which holds the channel's row, take one message."""

    code: str
    reason: str
    probe_at: datetime | None
    may_probe: bool

    @property
    def detail(self) -> dict[str, Any]:
        """Return what a timeline tells of it."""
        detail = {"code": self.code, "reason": self.reason}
        return detail | ({"probeAt": self.probe_at.isoformat()} if self.probe_at else {})


_READ = "SELECT stop_code, stop_reason, probe_at FROM tenants_channel WHERE id = %(channel)s"
_TAKE = """
SELECT id FROM tenants_channel
WHERE id = %(channel)s AND state = 'stopped' AND probe_at <= gateway_now() FOR NO KEY UPDATE SKIP LOCKED
"""
_TAKEN = "UPDATE tenants_channel SET probe_at = gateway_now() + %(patience)s WHERE id = %(channel)s"


def read_stop(sql: "psycopg.Cursor[Any]", facts: Facts) -> Stop:
    """Return why the lane's channel is stopped; where a probe is due its row is locked, before anything else is."""
    row = sql.execute(_READ, {"channel": facts.channel_id}).fetchone() or ("", "", None)
    code, reason, probe_at = row
    due = probe_at is not None and probe_at <= facts.now and not facts.test
    may_probe = due and sql.execute(_TAKE, {"channel": facts.channel_id}).fetchone() is not None
    return Stop(code, reason, probe_at, may_probe)


def probe_taken(sql: "psycopg.Cursor[Any]", facts: Facts, patience: timedelta) -> None:
    """Keep other probes away until this one's outcome must be known; it decides when the next one goes."""
    sql.execute(_TAKEN, {"channel": facts.channel_id, "patience": patience})
