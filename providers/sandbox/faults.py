"""Faults set from outside: what goes wrong, where, for whom and how often."""

import asyncio
from collections.abc import Callable
from typing import Annotated, Literal

import msgspec

from providers.sandbox.exchange import Answer, Host, Request, Result, Silence, Subject
from providers.sandbox.store import Store

HTML_502 = (
    b"<html><head><title>502 Bad Gateway</title></head><body><center><h1>502 Bad Gateway</h1></center></body></html>"
)


class Fault(msgspec.Struct, kw_only=True, rename="camel", forbid_unknown_fields=True):
    """One fault. Empty `path`, `to` and `oa_id` match everything; `times` counts down, None is without end."""

    host: str
    fault: Literal["error", "delay", "reset", "html502", "empty"]
    path: str = ""
    to: str = ""
    oa_id: str = ""
    status: Annotated[int, msgspec.Meta(ge=200, le=599)] = 200
    code: int = -100
    message: str = "Unknown error"
    delay_ms: Annotated[int, msgspec.Meta(ge=0, le=600_000)] = 0
    times: Annotated[int, msgspec.Meta(ge=1)] | None = None
    id: str = ""

    def fits(self, request: Request, subject: Callable[[Request], Subject]) -> bool:
        """Return whether the fault is for this request; `subject` is asked only if the fault names someone."""
        if self.host != request.host or (self.path and self.path != request.path):
            return False
        if not (self.to or self.oa_id):
            return True
        concerned = subject(request)
        return self.to in ("", concerned.to) and self.oa_id in ("", concerned.account)


class Faults:
    """The faults in force, oldest first. They survive a restart."""

    def __init__(self, store: Store) -> None:
        self._store = store
        saved = store.load("SELECT value FROM state WHERE name = 'faults'")
        self.all: list[Fault] = msgspec.json.decode(saved[0][0], type=list[Fault]) if saved else []
        self._last = max((int(fault.id) for fault in self.all), default=0)

    def add(self, fault: Fault) -> Fault:
        """Put the fault in force under a new id and return it."""
        self._last += 1
        fault = msgspec.structs.replace(fault, id=str(self._last), to=_digits(fault.to))
        self.all.append(fault)
        self._save()
        return fault

    def remove(self, fault_id: str = "") -> None:
        """Take back one fault, or all of them without an id; an unknown id changes nothing."""
        self.all = [fault for fault in self.all if fault_id and fault.id != fault_id]
        self._save()

    async def strike(self, request: Request, host: Host) -> Result | None:
        """Return what the first fitting fault makes of the request, or None if it goes on (perhaps after a delay)."""
        fault = next((fault for fault in self.all if fault.fits(request, host.subject)), None)
        if fault is None:
            return None
        self._count(fault)
        match fault.fault:
            case "error":
                return host.worded(fault.code, fault.message, fault.status)
            case "html502":
                return Answer(status=502, body=HTML_502, content_type="text/html")
            case "empty":
                return Answer(status=fault.status)
            case "reset":
                return Silence.RESET
            case "delay":
                await asyncio.sleep(fault.delay_ms / 1000)
        return None

    def _count(self, fault: Fault) -> None:
        if fault.times is None:
            return
        fault.times -= 1
        if not fault.times:
            self.all.remove(fault)
        self._save()

    def _save(self) -> None:
        self._store.keep("faults", self.all)


def _digits(recipient: str) -> str:
    """Return a Vietnamese number in the form hosts compare with; anything else as it is."""
    if recipient.startswith("+"):
        return recipient[1:]
    return "84" + recipient[1:] if recipient.startswith("0") else recipient
