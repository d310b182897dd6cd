"""Lets many cases happen at once over a running gateway, and reads what came of each."""

import json
import subprocess
import sys
from collections.abc import Sequence
from typing import Any

import msgspec
from django.conf import settings

from gateway.stack import Stack
from messaging.states import State
from tests.stack.client import Client
from tests.stack.ways.cases import Case
from tests.stack.ways.wires import OA, WIRES

# Each message leaves alone: a fault strikes one of those that Infobip would take in a single call.
SPEED = {"amount": 600, "timeUnit": "MINUTE"}
_FOUND = """
SELECT m.client_id, m.state, m.reason, m.legs, array_agg(e.type ORDER BY e.n) FROM message m
JOIN event e ON e.message_id = m.id WHERE m.bulk_id = ANY(%s::uuid[])
GROUP BY m.id, m.client_id, m.state, m.reason, m.legs
"""


class Found(msgspec.Struct, frozen=True):
    """What came of a message; `calls` is how many sends of it the sandbox has received."""

    end: str
    reason: str
    legs: int
    events: tuple[str, ...]
    calls: int


def open_ways(stack: Stack) -> dict[str, dict[str, str]]:
    """Return tenant -> official account and channels by kind, each with a route `way-<kind>` of its own."""
    command = [sys.executable, "-m", "tests.stack.ways.opening"]
    environ = stack.env | {"DJANGO_SETTINGS_MODULE": "gateway.settings"}
    done = subprocess.run(
        command, cwd=settings.BASE_DIR, env=environ, capture_output=True, text=True, timeout=60, check=True
    )
    opened: dict[str, dict[str, str]] = json.loads(done.stdout)
    return opened


class Ways:
    """The ways of one tenant, whose live key is `key`; `prefix` begins the numbers of its people."""

    def __init__(self, client: Client, key: str, oa_id: str, prefix: str) -> None:
        self.client, self.bulks = client, list[str]()
        self._key, self._oa_id, self._prefix = key, oa_id, prefix
        self._cases: list[Case] = []

    def send(self, cases: Sequence[Case], seconds: int) -> str:
        """Set the faults of cases of one kind and send a message for each; return the bulk's id."""
        (kind,) = {case.kind for case in cases}
        wire, first = WIRES[kind], len(self._cases)
        self._cases += cases
        messages = []
        for n, case in enumerate(cases, start=first):
            person = self._person(n, case)
            if case.fault is not None:
                fault = {"host": wire.host, "path": wire.path, "to": person, **case.fault}
                self.client.call(self.client.info["sandbox"], "POST", "/_/faults", fault)
            messages.append({"to": {wire.to: person}, "messageId": self.mark(case), **self._content(kind, case)})
        options = {
            "route": f"way-{kind}",
            "validityPeriod": {"amount": seconds, "timeUnit": "SECONDS"},
            "sendingSpeedLimit": SPEED,
        }
        body = {"messages": messages, "options": options}
        bulk: str = self.client.call(self.client.info["api"], "POST", "/v1/messages", body, self._key)["bulkId"]
        self.bulks.append(bulk)
        return bulk

    def mark(self, case: Case) -> str:
        """Return the word that stands in every call about a case, and in nothing else."""
        return f"{self._prefix}M{self._cases.index(case)}Z"

    def found(self) -> dict[str, Found]:
        """Return what came of every case that was sent."""
        bodies = [
            call["body"] for path in {(wire.host, wire.path) for wire in WIRES.values()} for call in self._calls(*path)
        ]
        rows = {row[0]: row[1:] for row in self.client.sql(_FOUND, self.bulks)}
        found = {}
        for case in self._cases:
            state, reason, legs, events = rows[self.mark(case)]
            calls = sum(body.count(self.mark(case)) > 0 for body in bodies)
            found[case.id] = Found(State(state).word, reason, legs, tuple(events), calls)
        return found

    def see(self, case: Case) -> bool:
        """Let the person of a case see its message; return whether it was handed over yet."""
        query = (
            "SELECT leg.provider_message_id FROM leg JOIN client_message c ON c.message_id = leg.message_id "
            "WHERE c.client_id = %s AND leg.provider_message_id <> ''"
        )
        handed_over = self.client.sql(query, self.mark(case))
        if handed_over:
            person = self._person(self._cases.index(case), case)
            told = {"host": OA, "oaId": self._oa_id, "userId": person, "sees": [handed_over[0][0]]}
            self.client.call(self.client.info["sandbox"], "POST", "/_/people", told)
        return bool(handed_over)

    def _calls(self, host: str, path: str) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = self.client.call(
            self.client.info["sandbox"], "GET", f"/_/requests?host={host}&path={path}"
        )
        return found

    def _person(self, n: int, case: Case) -> str:
        wire = WIRES[case.kind]
        phone = wire.number(case.outcome) if case.outcome else f"{self._prefix}{n:07d}"
        return f"675{self._oa_id[-5:]}{phone}" if wire.to == "oaUserId" else phone

    def _content(self, kind: str, case: Case) -> dict[str, Any]:
        mark = self.mark(case)
        if kind == "oa":
            return {"content": {"type": "TEXT", "text": f"Chao ban {mark}"}}
        template = self.client.info["templates"]["order"]
        names = self.client._parameters(template)
        return {"templateId": template, "templateData": dict.fromkeys(names, "1") | {"order_code": mark}}
