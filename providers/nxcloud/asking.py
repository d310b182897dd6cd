"""What the questions to NXCloud share: how an answer is taken in, and which setting a code is about."""

from collections.abc import Callable
from typing import Final

from providers.contract import Answer, ErrorRow, Reply, Response
from providers.nxcloud.codes.account import TOO_MANY_REQUESTS
from providers.nxcloud.envelope import Envelope, read_envelope, unreadable

FORM: Final = ("Content-Type", "application/x-www-form-urlencoded")
Reading = Callable[[Envelope], Answer]

_SETTINGS: Final = {
    "1": "appkey or secretkey",
    "8": "sender",
    "9": "allowed addresses at NXCloud",
    "1001": "access_key or access_secret",
    "1003": "access_secret or algorithm",
    "1004": "this machine's clock",
    "1005": "access_key",
    "1100": "account at NXCloud",
    "1102": "balance",
    "9003": "appkey",
    "9004": "price at NXCloud",
    "9005": "route at NXCloud",
    "3": "balance",
    "query-2": "appkey or secretkey",
}


def answered(response: Response, read: Reading) -> Answer:
    """Return what `read` makes of the envelope, or why there is none to read."""
    if not isinstance(response, Reply):
        return Answer(ok=False, reason=response.reason)
    envelope = read_envelope(response.body)
    if envelope is not None:
        return read(envelope)
    row = TOO_MANY_REQUESTS if response.status == 429 else None
    return Answer(ok=False, error=row, reason=unreadable(response))


def named_fault(row: ErrorRow) -> str:
    """Return the setting that `row` is about with its meaning; NXCloud's own wording may echo what was sent."""
    setting = _SETTINGS.get(row.code)
    return f"{setting}: {row.meaning}" if setting else row.meaning
