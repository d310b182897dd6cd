"""What the questions with either kind of key share: which setting a code is about, and how an answer is taken in."""

from collections.abc import Iterable, Mapping
from typing import Any, Final

from providers.contract import Answer, ErrorRow, Reply, Response
from providers.mini_app.envelope import read_envelope, unreadable
from providers.mini_app.errors import row_for, row_of_status
from providers.zalo.wording import clean

_SETTINGS: Final[Mapping[str, str]] = {
    "-102": "api_key",
    "-104": "api_key",
    "http-401": "api_key",
    "-106": "mini_app_id",
    "-114": "mini_app_id",
    "http-400": "mini_app_id",
    "-108": "zalo_app_id",
    "-112": "scopes of the key",
    "-113": "allowed addresses (IP Access)",
    "http-403": "allowed addresses (IP Access)",
    "-115": "partner_id",
    "-116": "partner_api_key",
}


def answered(response: Response, known: Iterable[str] = ()) -> Answer:
    """Return the envelope's `data` as it is, or why there is none; wording is freed of the values in `known`.

    A row that is about a setting begins the reason with the setting's name.
    """
    if not isinstance(response, Reply):
        return Answer(ok=False, reason=response.reason)
    envelope = read_envelope(response.body)
    if envelope is None:
        row = row_of_status(response.status)
        return Answer(ok=False, error=row, reason=named_fault(row, "") if row else unreadable(response))
    if envelope.code == 0:
        data: Mapping[str, Any] = envelope.data
        return Answer(ok=True, data=dict(data))
    row = row_for(envelope.code)
    return Answer(ok=False, error=row, reason=named_fault(row, clean(envelope.message, known)))


def named_fault(row: ErrorRow, wording: str) -> str:
    """Return the setting that `row` is about with its meaning, else Zalo's own `wording`, which names the fault."""
    setting = _SETTINGS.get(row.code)
    return f"{setting}: {row.meaning}" if setting else wording or row.meaning
