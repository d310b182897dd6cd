"""The gates of Mini App notifications: who may have one, and how many leave a day, counted by the claim.

A day is one in Viet Nam (zalo-mini-app.md section 2). An app is counted for its owner, by the Zalo App that it stands
under, which its other Mini Apps share: Zalo does not say which of them its limit means.
"""

from collections import defaultdict
from collections.abc import Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

import msgspec
import psycopg

from messaging.dispatch.claiming.counted import Key, add, lock
from messaging.dispatch.claiming.facts import Facts
from messaging.dispatch.claiming.gates import Hold
from messaging.dispatch.claiming.leaving import Leaving, end_all, send_on
from messaging.policies.hours import VIETNAM
from messaging.policies.periods import Period, resets_at
from messaging.sql import read_clock
from messaging.states import MessageClass
from providers.contract import ErrorRow, Failover
from providers.mini_app.codes.gates import APP_DONE, PERSON_DONE
from providers.mini_app.gates import MOST_A_PERSON, MOST_AN_APP, gate


class App(msgspec.Struct, frozen=True):
    """The app that notifies: its id, and whether every person must be vouched for."""

    id: str
    facts_required: bool = False


class _Row(msgspec.Struct, frozen=True):
    person: bytes
    counted_on: date | None
    opted_in: bool | None
    last_visit: datetime | None


_ROWS = """
SELECT named.message_id, named.person, named.counted_on, told.opted_in, told.last_visit
FROM mini_app_message named
LEFT JOIN mini_app_person told ON told.tenant_id = named.tenant_id AND told.person = named.person
WHERE named.message_id = ANY(%s::uuid[])
"""
_COUNTED = """
UPDATE mini_app_message SET counted_on = %(day)s, counted_for = %(app)s WHERE message_id = ANY(%(ids)s::uuid[])
"""


class Notifying:
    """One claim's look at the gates. Messages of test keys pass the facts and are in no count."""

    def __init__(self, sql: "psycopg.Cursor[Any]", facts: Facts, app: App) -> None:
        self._sql, self._facts, self._required = sql, facts, app.facts_required
        self._app = f"{0 if facts.shared else facts.tenant_id}:{app.id}"[:64]
        self._rows: dict[UUID, _Row] = {}
        self._day = facts.now.astimezone(VIETNAM).date()

    def left(self) -> int | None:
        """Lock the app's count of today and return how many more may go; None where nothing is counted."""
        if self._facts.test:
            return None
        used = lock(self._sql, [Key(self._app, self._day, b"")])
        today = read_clock(self._sql).astimezone(VIETNAM).date()
        if today != self._day:  # the day ended while the count was waited for
            self._day = today
            used = lock(self._sql, [Key(self._app, today, b"")])
        return max(MOST_AN_APP - sum(used.values()), 0)

    def hold(self) -> Hold:
        """Return what closes the lane of an app whose day is used up."""
        until = resets_at(Period.DAY, self._facts.now, VIETNAM)
        detail = {"limit": MOST_AN_APP, "used": MOST_AN_APP, "code": APP_DONE.code, "meaning": APP_DONE.meaning}
        return Hold("APP_DAY", until, cause="provider_quota", detail=detail)

    def keep(self, ids: Sequence[UUID], now: datetime) -> tuple[set[UUID], int]:
        """Let messages leave whose persons must not be notified now; return which they were, and how many moved."""
        if not ids:
            return set(), 0
        self._rows = {row[0]: _Row(*row[1:]) for row in self._sql.execute(_ROWS, (list(ids),)).fetchall()}
        stopped: dict[str, tuple[ErrorRow, list[UUID]]] = {}
        for message_id, row in self._refused(ids, now):
            stopped.setdefault(row.code, (row, []))[1].append(message_id)
        moved = sum(self._leave(row, late, now) for row, late in stopped.values())
        return {message_id for _, late in stopped.values() for message_id in late}, moved

    def count(self, ids: Sequence[UUID]) -> None:
        """Count messages that leave; the caller has asked `left` and `keep` in this transaction."""
        fresh = [one for one in ids if one in self._rows and self._rows[one].counted_on != self._day]
        if self._facts.test or not fresh:
            return
        counts: dict[Key, int] = defaultdict(int)
        for message_id in fresh:
            counts[Key(self._app, self._day, self._rows[message_id].person)] += 1
        counts[Key(self._app, self._day, b"")] = len(fresh)
        add(self._sql, counts)
        self._sql.execute(_COUNTED, {"day": self._day, "app": self._app, "ids": fresh})

    def counts(self, message_id: UUID) -> bool:
        """Return whether a message that leaves is in a count."""
        return message_id in self._rows and not self._facts.test

    def _refused(self, ids: Sequence[UUID], now: datetime) -> list[tuple[UUID, ErrorRow]]:
        refused, fitting = [], []
        for message_id in ids:
            row = self._rows.get(message_id)
            if row is None:  # no id of a Mini App: loading tells
                continue
            fault = gate(row.opted_in, row.last_visit, now, required=self._required)
            if fault is not None:
                refused.append((message_id, fault))
            elif row.counted_on != self._day:
                fitting.append((message_id, row.person))
        return refused + [(message_id, PERSON_DONE) for message_id in self._over(fitting)]

    def _over(self, fitting: Sequence[tuple[UUID, bytes]]) -> list[UUID]:
        """Return the messages whose persons have had their notification of today, or will by this claim."""
        if self._facts.test or not fitting:
            return []
        had = lock(self._sql, [Key(self._app, self._day, person) for person in {person for _, person in fitting}])
        over = []
        for message_id, person in fitting:
            key = Key(self._app, self._day, person)
            had[key] = had.get(key, 0) + 1
            if had[key] > MOST_A_PERSON:
                over.append(message_id)
        return over

    def _leave(self, row: ErrorRow, ids: list[UUID], now: datetime) -> int:
        """Do what the row's class means at this step; what waits for a day goes on from its class alone."""
        stays = row.failover is Failover.NOT_PROMOTIONAL and self._facts.message_class == MessageClass.PROMOTIONAL
        detail = {"code": row.code, "meaning": row.meaning, "advice": row.advice}
        until = resets_at(Period.DAY, now, VIETNAM) if row is PERSON_DONE else None
        cause = "" if stays else row.error_class.value
        leaving = Leaving(_REASONS[row.code], cause, detail, until)
        moved = send_on(self._sql, self._facts, leaving, now, len(ids), ids)
        return moved + (end_all(self._sql, self._facts, leaving, now, len(ids), ids) if until is None else 0)


_REASONS = {
    "gate-opt-in": "NO_OPT_IN",
    "gate-visit": "NO_VISIT",
    "gate-facts": "FACTS_LACKING",
    "gate-person-day": "PERSON_DAY",
}
