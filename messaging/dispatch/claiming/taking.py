"""Takes messages: the steps of a claim in their order."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import msgspec
import psycopg

from messaging.arrays import uuids
from messaging.dispatch.claiming import quotas
from messaging.dispatch.claiming.caps import keep_caps
from messaging.dispatch.claiming.facts import Facts, read_facts
from messaging.dispatch.claiming.gates import (
    CHANNEL_STOPPED,
    LONGEST_SLEEP,
    PROVIDER_QUOTA,
    Hold,
    Open,
    end_hold,
    pass_gates,
    write_hold,
)
from messaging.dispatch.claiming.leaving import Leaving, end_all, send_on
from messaging.dispatch.claiming.marks import leave_marked
from messaging.dispatch.claiming.meters import Meters, lock_meters, store_meters
from messaging.dispatch.claiming.notifying import App, Notifying
from messaging.dispatch.claiming.paced import note_pace
from messaging.dispatch.claiming.probing import probe_taken, read_stop
from messaging.dispatch.claiming.types import Claim, Claimed
from messaging.quotas.warnings import warn_of_provider_quota
from messaging.sql import atomic_cursor, read_clock
from messaging.states import Phase
from tenants.models import Quota

LEAVE_BATCH = 500
_DUE = f"""
lane_id = %(lane)s AND phase = {Phase.READY} AND due_at <= %(now)s AND expires_at > %(now)s
ORDER BY due_at, message_id LIMIT %(limit)s
FOR UPDATE SKIP LOCKED
"""
_COLUMNS = "due.message_id, tenant_id, message_class, attempt, tries, leg, step, expires_at, reserved_at"
# As an array, not joined: a plan made for any limit expects a tenth of a lane, and would read the whole table for it.
_TAKE = f"""
UPDATE due SET phase = {Phase.SENDING}, attempt = attempt + 1, calls = calls + 1, due_at = %(lease_ends)s
WHERE message_id = ANY(ARRAY(SELECT message_id FROM due WHERE {_DUE}))
RETURNING {_COLUMNS}
"""
_PICK = f"SELECT {_COLUMNS}, calls FROM due WHERE {_DUE}"
_MARK = f"""
UPDATE due SET phase = {Phase.SENDING}, attempt = attempt + 1, calls = calls + 1, due_at = %(lease_ends)s,
               reserved_at = COALESCE(reserved_at, %(reserved)s)
WHERE message_id = ANY(%(ids)s::uuid[])
"""


def claim(lane_id: int, limit: int, lease: timedelta, app: App | None = None) -> Claim | None:
    """Take at most `limit` due messages of the lane, each leased for `lease` from its release on.

    `app` is given where the lane's channel notifies by a Mini App, whose gates are then kept.
    Return None where the lane is gone, held or asleep; an empty claim where nothing may go now.
    """
    with atomic_cursor() as sql:
        facts = read_facts(sql, lane_id)
        if facts is None or facts.now < facts.next_at <= facts.now + LONGEST_SLEEP:
            return None
        gate = pass_gates(facts, facts.now)
        if isinstance(gate, Hold) and gate.reason == CHANNEL_STOPPED:
            return _stopped(sql, facts, gate, lease, app)
        if isinstance(gate, Hold):
            return _held(sql, facts, gate, facts.now)
        return _take(sql, facts, gate, limit, lease, app)


def _take(
    sql: "psycopg.Cursor[Any]", facts: Facts, gate: Open, limit: int, lease: timedelta, app: App | None
) -> Claim | None:
    """Take what may leave an open lane."""
    if facts.metered or facts.has_quota or facts.has_marks or facts.capped or app is not None:
        return _Checked(sql, facts, gate, limit, lease, app).claim()
    end_hold(sql, facts)
    values = {"lane": facts.lane_id, "now": facts.now, "limit": limit, "lease_ends": facts.now + lease}
    taken = [Claimed(*row) for row in sql.execute(_TAKE, values).fetchall()]
    return _claim(facts, facts.now, taken, more=len(taken) == limit)


def _stopped(sql: "psycopg.Cursor[Any]", facts: Facts, hold: Hold, lease: timedelta, app: App | None) -> Claim | None:
    """Let one message probe a stopped channel when its time has come; else send on what goes on, and hold the rest."""
    stop = read_stop(sql, facts)
    hold = msgspec.structs.replace(hold, detail=stop.detail)
    gate = pass_gates(msgspec.structs.replace(facts, stopped=False), facts.now) if stop.may_probe else hold
    if isinstance(gate, Hold):
        return _held(sql, facts, hold, facts.now)
    claim = _take(sql, facts, gate, 1, lease, app)
    if claim is None or not claim.messages:
        return claim
    probe_taken(sql, facts, lease)
    return msgspec.structs.replace(claim, probe=True, more=True)


def leave_unready(lane_id: int, why: str) -> None:
    """Hold a lane whose channel cannot send now, after sending on what goes on from a stopped channel."""
    with atomic_cursor() as sql:
        facts = read_facts(sql, lane_id)
        if facts is not None:
            _held(sql, facts, Hold("CHANNEL_NOT_READY", None, cause="stopped", detail={"why": why}), facts.now)


def _claim(facts: Facts, now: datetime, messages: list[Claimed], **more: Any) -> Claim:
    return Claim(
        lane_id=facts.lane_id,
        channel_id=facts.channel_id,
        test=facts.test,
        own_bulk=facts.bulk_id,
        at=now,
        messages=messages,
        **more,
    )


def _held(sql: "psycopg.Cursor[Any]", facts: Facts, hold: Hold, now: datetime) -> Claim | None:
    """Send on what goes on from a lane that is closed; hold the rest."""
    leaving = Leaving(reason=hold.reason, cause=hold.cause, detail=hold.detail)
    moved = send_on(sql, facts, leaving, now, LEAVE_BATCH) if hold.cause else 0
    if moved == LEAVE_BATCH:
        return _claim(facts, now, [], more=True, moved=moved)
    write_hold(sql, facts, hold, now)
    if hold.reason == PROVIDER_QUOTA and hold.until is not None:
        warn_of_provider_quota(facts.account_id, facts.tenant_id, hold.until)
    return _claim(facts, now, [], moved=moved) if moved else None


class _Picked(msgspec.Struct, frozen=True):
    claimed: Claimed
    calls: int


class _Checked:
    """A claim of a lane in which more than its hours decides: paces, calls at once, quotas, or facts about persons."""

    def __init__(
        self, sql: "psycopg.Cursor[Any]", facts: Facts, gate: Open, limit: int, lease: timedelta, app: App | None
    ) -> None:
        self.sql, self.facts, self.gate, self.limit, self.lease = sql, facts, gate, limit, lease
        self.notifying = Notifying(sql, facts, app) if app is not None else None

    def claim(self) -> Claim | None:
        facts = self.facts
        meters = lock_meters(self.sql, facts) if facts.metered else Meters([], timedelta(seconds=1), self.limit)
        whole, by_template = self._limits()
        quotas.lock(self.sql, whole)
        of_app = self.notifying.left() if self.notifying else None
        self.now = read_clock(self.sql)
        spent = next((limit for limit in whole if not limit.left), None)
        if spent is not None:
            return self._spent(spent)
        if of_app == 0 and self.notifying:
            return _held(self.sql, facts, self.notifying.hold(), self.now)
        end_hold(self.sql, facts)
        most = min([self.limit, meters.most, *(limit.left for limit in whole), *([] if of_app is None else [of_app])])
        picked = self._pick(most)
        picked, left = self._leave_marked(picked)
        picked, stopped = self._keep_gates(picked)
        picked, moved = self._keep_template_quotas(picked, by_template)
        slots = meters.slots([one.calls == 0 for one in picked], self.now, self.gate.ends)
        if len(slots) < len(picked):
            note_pace(self.sql, facts, self.now)
        picked = self._keep_caps(picked[: len(slots)])
        taken = [self._taken(one, slot) for one, slot in zip(picked, slots, strict=False)]
        self._mark(taken, picked[: len(taken)], whole, by_template)
        store_meters(self.sql, meters)
        return _claim(
            facts,
            self.now,
            taken,
            more=not meters.clocks and len(taken) == self.limit,
            moved=left + stopped + moved,
            look_again=self._look_again(meters, bool(picked)),
            patience=meters.patience,
        )

    def _limits(self) -> tuple[list[quotas.Limit], list[quotas.Limit]]:
        facts = self.facts
        if not facts.has_quota:
            return [], []
        return quotas.read_limits(self.sql, facts.tenant_id, facts.channel_id, facts.zone, facts.now)

    def _spent(self, limit: quotas.Limit) -> Claim | None:
        """Do what the quota says now that it is used up."""
        leaving = Leaving(reason="QUOTA_EXCEEDED", cause="out_of_quota", detail=limit.numbers)
        moved = 0
        if limit.on_limit == Quota.OnLimit.REJECT:
            moved = end_all(self.sql, self.facts, leaving, self.now, LEAVE_BATCH)
        elif limit.on_limit == Quota.OnLimit.DIVERT:
            moved = send_on(self.sql, self.facts, leaving, self.now, LEAVE_BATCH)
        if moved == LEAVE_BATCH:
            return _claim(self.facts, self.now, [], more=True, moved=moved)
        if limit.on_limit != Quota.OnLimit.REJECT:
            hold = Hold("QUOTA_EXCEEDED", limit.resets, detail=limit.numbers)
            write_hold(self.sql, self.facts, hold, self.now)
        return _claim(self.facts, self.now, [], moved=moved)

    def _pick(self, most: int) -> list[_Picked]:
        if most < 1:
            return []
        rows = self.sql.execute(_PICK, {"lane": self.facts.lane_id, "now": self.now, "limit": most}).fetchall()
        return [_Picked(Claimed(*row[:-1]), row[-1]) for row in rows]

    def _leave_marked(self, picked: list[_Picked]) -> tuple[list[_Picked], int]:
        if not self.facts.has_marks:
            return picked, 0
        marked, moved = leave_marked(self.sql, self.facts, [one.claimed.message_id for one in picked], self.now)
        return [one for one in picked if one.claimed.message_id not in marked], moved

    def _keep_gates(self, picked: list[_Picked]) -> tuple[list[_Picked], int]:
        """Leave out notifications to persons who must not have one now; return how many were ended or sent on."""
        if self.notifying is None:
            return picked, 0
        stopped, moved = self.notifying.keep([one.claimed.message_id for one in picked], self.now)
        return [one for one in picked if one.claimed.message_id not in stopped], moved

    def _keep_caps(self, picked: list[_Picked]) -> list[_Picked]:
        """Leave out promotions over a person's cap; a retry counts as no further promotion."""
        if not self.facts.capped:
            return picked
        fresh = [one.claimed.message_id for one in picked if one.calls == 0]
        over = keep_caps(self.sql, self.facts, fresh, self.now)
        return [one for one in picked if one.claimed.message_id not in over]

    def _keep_template_quotas(self, picked: list[_Picked], limits: list[quotas.Limit]) -> tuple[list[_Picked], int]:
        """Leave out what template quotas do not allow; return what may go and how many were ended or sent on."""
        if not limits or not picked:
            return picked, 0
        self.templates = quotas.templates_of(self.sql, [one.claimed.message_id for one in picked])
        present = set(self.templates.values())
        quotas.lock(self.sql, [limit for limit in limits if limit.template_id in present])
        left = {limit.id: limit.left for limit in limits}
        may_go: list[_Picked] = []
        over: dict[int, list[UUID]] = {}
        for one in picked:
            binding = [limit for limit in limits if limit.template_id == self.templates.get(one.claimed.message_id)]
            spent = next((limit for limit in binding if left[limit.id] < 1), None)
            if spent is not None:
                over.setdefault(spent.id, []).append(one.claimed.message_id)
                continue
            for limit in binding:
                left[limit.id] -= 1
            may_go.append(one)
        moved = 0
        for limit in limits:
            moved += self._over_template_quota(limit, over.get(limit.id, []))
        return may_go, moved

    def _over_template_quota(self, limit: quotas.Limit, ids: Sequence[UUID]) -> int:
        if not ids:
            return 0
        leaving = Leaving(reason="QUOTA_EXCEEDED", cause="out_of_quota", detail=limit.numbers, until=limit.resets)
        if limit.on_limit == Quota.OnLimit.REJECT:
            return end_all(self.sql, self.facts, leaving, self.now, len(ids), ids)
        if limit.on_limit == Quota.OnLimit.DIVERT:
            return send_on(self.sql, self.facts, leaving, self.now, len(ids), ids)
        return send_on(self.sql, self.facts, msgspec.structs.replace(leaving, cause=""), self.now, len(ids), ids)

    def _taken(self, one: _Picked, slot: datetime) -> Claimed:
        claimed = one.claimed
        return msgspec.structs.replace(
            claimed,
            attempt=claimed.attempt + 1,
            reserved_at=claimed.reserved_at or (self.now if self.facts.has_quota else None),
            release_at=slot if slot > self.now else None,
            counted=self.notifying is not None and self.notifying.counts(claimed.message_id),
        )

    def _mark(
        self,
        taken: Sequence[Claimed],
        picked: Sequence[_Picked],
        whole: list[quotas.Limit],
        by_template: list[quotas.Limit],
    ) -> None:
        if not taken:
            return
        ends = max(claimed.release_at or self.now for claimed in taken) + self.lease
        ids = [claimed.message_id for claimed in taken]
        self.sql.execute(
            _MARK, {"ids": uuids(ids), "lease_ends": ends, "reserved": self.now if self.facts.has_quota else None}
        )
        fresh = [one.claimed.message_id for one in picked if one.claimed.reserved_at is None]
        quotas.add(self.sql, whole, len(fresh))
        for limit in by_template:
            count = sum(1 for one in fresh if self.templates.get(one) == limit.template_id)
            quotas.add(self.sql, [limit], count)
        if self.notifying is not None:
            self.notifying.count(ids)

    def _look_again(self, meters: Meters, found: bool) -> datetime | None:
        """Return when the next slots can be given, early enough that none passes unused."""
        return meters.look_again(self.now) if found else None
