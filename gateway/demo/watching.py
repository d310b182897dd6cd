"""Shows messages one by one as they end: which legs they took, what that cost, and whether it is what was expected."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any, Final, TextIO

import msgspec

from gateway.demo.case import Case, Legs
from gateway.demo.client import Client
from gateway.demo.sending import Sent

ROW: Final = "  {:<41} {:<12} {:<16} {:<10} {:>6}  {:<28} {}"
HEAD: Final = ROW.format("message", "to", "route", "ended", "ms", "cost", "legs")


class Watched(msgspec.Struct):
    """A case, its message, and the legs that it took so far."""

    case: Case
    sent: Sent
    legs: Legs = ()

    @property
    def kept(self) -> bool:
        """Return whether it took the legs and reached the end that the case prescribes."""
        return self.sent.final and (self.sent.state, self.legs) == (self.case.ends, self.case.legs)

    @property
    def wrong(self) -> str:
        """Return in words how it differs from what was expected."""
        return (
            f"{self.case.name}: {_way(self.case.legs)}, {self.case.ends} expected; {_way(self.legs)}, {self.sent.state}"
        )


class Rows:
    """Writes a row for each case when its message has ended; call it after each look at the messages."""

    def __init__(self, client: Client, watched: Sequence[Watched], out: TextIO) -> None:
        self._client, self._waiting, self._out = client, list(watched), out

    def __call__(self, _: Sequence[Sent]) -> None:
        """Write what has ended since the last call. Raises DemoError."""
        ended = [one for one in self._waiting if one.sent.final]
        self._waiting = [one for one in self._waiting if not one.sent.final]
        for one in ended:
            self._write(one)

    def end(self) -> None:
        """Write what has not ended at all. Raises DemoError."""
        for one in self._waiting:
            self._write(one)

    def _write(self, one: Watched) -> None:
        message = self._client.get(f"/v1/messages/{one.sent.id}")
        one.legs = tuple((leg["channel"], leg["state"]) for leg in message["legs"])
        row = ROW.format(
            one.case.name, message["to"] or "by user id", one.case.route, message["state"], _milliseconds(message),
            _cost(message["legs"]), " > ".join(map(_leg, message["legs"])),
        )  # fmt: skip
        self._out.write(f"{row}{'' if one.kept else '  WRONG'}\n")
        self._out.flush()


def _leg(leg: Mapping[str, Any]) -> str:
    why = leg["errorCode"] or leg["reason"]
    return f"{leg['channel']} {leg['state']}{f' ({why})' if why else ''}"


def _cost(legs: Sequence[Mapping[str, Any]]) -> str:
    """Return what each leg cost; currencies are not summed."""
    costs = [leg["cost"] for leg in legs if leg["cost"]]
    return " + ".join(f"{Decimal(cost['amount']).normalize():f} {cost['currency']}" for cost in costs)


def _milliseconds(message: Mapping[str, Any]) -> int | str:
    if message["endedAt"] is None:
        return "-"
    took = datetime.fromisoformat(message["endedAt"]) - datetime.fromisoformat(message["acceptedAt"])
    return round(took.total_seconds() * 1000)


def _way(legs: Legs) -> str:
    return " > ".join(f"{channel} {state}" for channel, state in legs) or "no leg"
