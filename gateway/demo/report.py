"""What came of it: a table of prescribed and real ends, and the timelines of a few messages."""

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Final

import msgspec

from gateway.demo.client import Client
from gateway.demo.ends import ENDS, ORDINARY
from gateway.demo.sending import Sent
from gateway.demo.watching import Watched

EXAMPLES: Final = ("delivered", "transient_then_delivered", "timeout_after_accept", "not_on_zalo", "never_delivered")
ROW: Final = "  {:<26} {:>8}  {:<14} {:<34} {}"


class Held(msgspec.Struct, frozen=True):
    """A message against the end its recipient prescribes."""

    sent: Sent
    outcome: str

    @property
    def expected(self) -> str:
        """Return the prescribed end."""
        return ENDS[self.outcome]

    @property
    def kept(self) -> bool:
        """Return whether it ended so."""
        return self.sent.final and self.sent.state == self.expected


def hold(sent: Sequence[Sent], outcomes: Mapping[str, str]) -> list[Held]:
    """Return every message with the outcome that its recipient has at the sandbox."""
    return [Held(message, outcomes.get(message.to, ORDINARY)) for message in sent]


def table(held: Sequence[Held]) -> str:
    """Return one line an outcome: how many messages, the prescribed end, the real ones."""
    lines = [ROW.format("recipient", "messages", "prescribed", "reached", "").rstrip()]
    for outcome in ENDS:
        rows = [row for row in held if row.outcome == outcome]
        if rows:
            reached = Counter(row.sent.state if row.sent.final else f"{row.sent.state}, not ended" for row in rows)
            words = ", ".join(f"{count} {state}" for state, count in reached.most_common())
            verdict = "ok" if all(row.kept for row in rows) else "WRONG"
            lines.append(ROW.format(outcome, len(rows), ENDS[outcome], words, verdict))
    return "\n".join(lines)


def timelines(client: Client, held: Sequence[Held]) -> str:
    """Return the timelines of the bill, the one-time password and a few magic recipients. Raises DemoError."""
    chosen = [row for row in held if row.sent.part != "bulk"]
    for outcome in EXAMPLES:
        chosen += [row for row in held if row.outcome == outcome and row.sent.part == "bulk"][:1]
    return "\n".join(_timeline(client, row) for row in chosen)


def _timeline(client: Client, row: Held) -> str:
    message = client.get(f"/v1/messages/{row.sent.id}")
    name = row.sent.part if row.sent.part != "bulk" else row.outcome
    events = message["events"]
    start = datetime.fromisoformat(events[0]["at"])
    lines = [f"  {name} to {message['to']}: {message['state']}"]
    for event in events:
        after = (datetime.fromisoformat(event["at"]) - start).total_seconds()
        lines.append(f"    {after:>7.3f} s  {event['type']:<10} {event.get('reason') or ''}".rstrip())
    return "\n".join(lines)


def summary(watched: Sequence[Watched], held: Sequence[Held], seconds: float) -> dict[str, Any]:
    """Return the last line's object: `byKind` is the end over each kind, `failovers` the channels of each cause."""
    states = Counter([row.sent.state for row in watched] + [row.sent.state for row in held])
    return {
        "ok": bool(held) and not wrong(watched, held),
        "accepted": len(watched) + len(held),
        "byState": dict(sorted(states.items())),
        "byKind": {row.case.kind: row.sent.state for row in watched if row.case.kind},
        "failovers": {row.case.name: [channel for channel, _ in row.legs] for row in watched if not row.case.kind},
        "wrong": wrong(watched, held),
        "seconds": round(seconds, 3),
    }


def wrong(watched: Sequence[Watched], held: Sequence[Held]) -> list[str]:
    """Return in words which messages ended otherwise than prescribed; of the bulk one line a recipient's outcome."""
    bulk = Counter((row.outcome, row.sent.state) for row in held if not row.kept)
    lines = [f"{outcome}: {ENDS[outcome]} expected; {count} {state}" for (outcome, state), count in bulk.items()]
    return [row.wrong for row in watched if not row.kept] + lines
