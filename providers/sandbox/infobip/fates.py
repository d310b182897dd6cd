"""What happens to a message of each kind of recipient."""

import msgspec

AFTER_TIMEOUT_SECONDS = 2.0


class Fate(msgspec.Struct, frozen=True, kw_only=True):
    """How a message goes.

    `at_once` is the status in the answer where it is refused there, else empty. `end` and `error` are those of the
    report; `delay` is its wait in seconds, None where no report ever comes; `times` how often it is sent, `before`
    the answer or after. `hold` gives the call no answer, `fail` a server error.
    """

    at_once: str = ""
    end: str = "DELIVERED_TO_HANDSET"
    error: str = "NO_ERROR"
    delay: float | None = 0.0
    times: int = 1
    before: bool = False
    hold: bool = False
    fail: bool = False


def fate(outcome: str, *, ordinary: float, late: float, first: bool) -> Fate:
    """Return the fate of a magic `outcome`; the delays are in seconds, `first` is a message id's first try."""
    lost = "UNDELIVERABLE_NOT_DELIVERED"
    fates = {
        "late_receipt": Fate(delay=late),
        "duplicate_receipt": Fate(delay=ordinary, times=2),
        "receipt_before_answer": Fate(before=True),
        "transient_then_delivered": Fate(at_once="REJECTED_SYSTEM_ERROR" if first else "", delay=ordinary),
        "timeout_after_accept": Fate(delay=AFTER_TIMEOUT_SECONDS, hold=True),
        "not_on_zalo": Fate(end=lost, error="EC_UNKNOWN_USER", delay=ordinary),
        "blocked": Fate(end=lost, error="EC_BLOCKED_USER", delay=ordinary),
        "absent": Fate(end=lost, error="EC_ABSENT_SUBSCRIBER", delay=ordinary),
        "opted_out": Fate(at_once="REJECTED_DND"),
        "never_delivered": Fate(delay=None),
        "quota_exceeded": Fate(at_once="REJECTED_NOT_ENOUGH_CREDITS"),
        "server_error": Fate(at_once="REJECTED_SYSTEM_ERROR", fail=True),
    }
    return fates.get(outcome, Fate(delay=ordinary))


def within(chosen: Fate, validity: float) -> Fate:
    """Return the fate of a message whose validity (seconds) may end before its report."""
    if chosen.delay is None or chosen.delay <= validity or chosen.at_once:
        return chosen
    return msgspec.structs.replace(chosen, end="EXPIRED_EXPIRED", error="EC_VALIDITY_EXPIRED", delay=validity)
