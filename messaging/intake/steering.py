"""How a bulk wants to be sent: its window, its speed, when it halts; checked, and as it is stored."""

from datetime import time
from typing import Any

import msgspec

from messaging.intake.errors import Findings
from messaging.intake.request import DeliveryTimeWindow, HaltOn, Options, SendingSpeedLimit
from messaging.policies.delivery_window import DAYS
from messaging.policies.pace import Pace, TimeUnit

SHORTEST_WINDOW = 60


class Steering(msgspec.Struct, frozen=True):
    """`window` is the request's own in its stored form."""

    window: dict[str, Any] | None = None
    speed: Pace | None = None
    halt: HaltOn | None = None

    @property
    def own_lanes(self) -> bool:
        """Return whether the bulk cannot queue among others."""
        return any(part is not None for part in (self.window, self.speed, self.halt))


def read_steering(options: Options, findings: Findings) -> Steering:
    """Return how the options want the bulk sent; what is wrong goes to `findings`."""
    window = read_delivery_window(options.delivery_time_window, "options.deliveryTimeWindow", findings)
    return Steering(window, read_speed(options.sending_speed_limit), options.halt_on)


def read_speed(speed: SendingSpeedLimit | None) -> Pace | None:
    """Return a speed as a pace; None where there is none, or its shape was already found wrong."""
    if speed is None or not speed.amount or not speed.time_unit:
        return None
    return Pace(speed.amount, TimeUnit(speed.time_unit.value))


def read_delivery_window(window: DeliveryTimeWindow | None, where: str, findings: Findings) -> dict[str, Any] | None:
    """Return a window in its stored form; one that is no window, or shorter than an hour, goes to `findings`."""
    if window is None or window.opens is None or window.closes is None:
        return None
    times = (window.opens.hour, window.opens.minute, window.closes.hour, window.closes.minute)
    if None in times:  # already told
        return None
    opens, closes = time(*times[:2]), time(*times[2:])
    minutes = ((closes.hour - opens.hour) * 60 + closes.minute - opens.minute) % (24 * 60)
    if minutes == 0:
        findings.add(where, "empty", f"{where}: from and to are the same time; leave the window out to send all day.")
    elif minutes < SHORTEST_WINDOW:
        findings.add(where, "too_short", f"{where} is {minutes} minutes long; at least an hour is needed.")
    stored: dict[str, Any] = msgspec.to_builtins(window)
    if window.days is None:
        del stored["days"]
    else:
        stored["days"] = sorted({day.value for day in window.days}, key=DAYS.index)
    return stored
