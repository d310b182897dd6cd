"""What can befall a message on its one leg, and how it has to end after how many calls."""

from typing import Any

import msgspec

from tests.stack.ways.wires import WIRES, Wire

ONCE: dict[str, Any] = {"times": 1}


class Case(msgspec.Struct, frozen=True, kw_only=True):
    """One message: a magic recipient by its `outcome`, or somebody of its own to whom `fault` happens."""

    kind: str
    name: str
    end: str
    calls: int = 1
    outcome: str = ""
    fault: dict[str, Any] | None = None

    @property
    def id(self) -> str:
        """Return the kind and what happens."""
        return f"{self.kind}: {self.name}"


def cases() -> list[Case]:
    """Return every case of every kind."""
    return [case for kind, wire in WIRES.items() for case in (*_receipts(kind, wire), *_refusals(kind, wire))]


def _receipts(kind: str, wire: Wire) -> list[Case]:
    arrived = "delivered" if wire.receipts else "sent"
    unknown = [
        Case(kind=kind, name=fault, end="undeliverable", fault={"fault": fault})
        for fault in ("reset", "html502", "empty")
    ]
    # A receipt finds a message whose answer was lost only where our id travels with it.
    known = wire.receipts and wire.to != "oaUserId"
    lost = Case(
        kind=kind, name="answer lost", end=arrived if known else "undeliverable", outcome="timeout_after_accept"
    )
    told = [
        Case(kind=kind, name="duplicate receipt", end="delivered", outcome="duplicate_receipt"),
        Case(kind=kind, name="receipt before the answer", end="delivered", outcome="receipt_before_answer"),
        Case(kind=kind, name="receipt after the deadline", end="delivered", outcome="late_receipt"),
        Case(kind=kind, name="no receipt", end="expired", outcome="never_delivered"),
    ]
    seen = [Case(kind=kind, name="seen before delivered", end="seen")] if wire.to == "oaUserId" else []
    return [Case(kind=kind, name="accepted", end=arrived), *unknown, lost, *(told if wire.receipts else []), *seen]


def _refusals(kind: str, wire: Wire) -> list[Case]:
    if wire.by_status:
        reported = "not_on_zalo" if kind == "infobip" else "absent"
        return [
            Case(kind=kind, name="R", end="undeliverable", outcome=reported),
            Case(kind=kind, name="P", end="rejected", fault=refusal(wire, "P")),
            Case(kind=kind, name="Q", end="expired", outcome="quota_exceeded"),
            Case(kind=kind, name="T once", end="delivered", calls=2, outcome="transient_then_delivered"),
        ]
    return [
        Case(kind=kind, name="R", end="rejected", fault=refusal(wire, "R")),
        Case(kind=kind, name="P", end="rejected", fault=refusal(wire, "P")),
        Case(kind=kind, name="Q", end="expired", fault=refusal(wire, "Q")),
        Case(
            kind=kind,
            name="T once",
            end="delivered" if wire.receipts else "sent",
            calls=2,
            fault=refusal(wire, "T") | ONCE,
        ),
        Case(kind=kind, name="T for ever", end="undeliverable", calls=wire.spent, fault=refusal(wire, "T")),
    ]


def refusal(wire: Wire, letter: str) -> dict[str, Any]:
    """Return the fault that refuses with the wire's code of a class."""
    code = wire.codes[letter]
    return {"fault": "error", "message": "said"} | (
        {"status": code} if wire.by_status else {"code": code, "status": 200}
    )


def stopping() -> list[Case]:
    """Return a case of every kind whose first call alone is refused, for the channel's settings."""
    return [_once(kind, wire, "C") for kind, wire in WIRES.items()]


def refused_keys() -> list[Case]:
    """Return a case of every kind with a key or token whose first call alone is refused for it."""
    return [_once(kind, wire, "A") for kind, wire in WIRES.items() if "A" in wire.codes]


def _once(kind: str, wire: Wire, letter: str) -> Case:
    end = "delivered" if wire.receipts else "sent"
    return Case(kind=kind, name=letter, end=end, calls=2, fault=refusal(wire, letter) | ONCE)
