"""The signature of webhook events (zalo-mini-app.md section 5): a plain hash over the values, without separators."""

import hashlib
import hmac
from collections.abc import Iterable, Mapping
from typing import Any, Final

from providers.contract import BadSignature
from providers.mini_app.javascript import NotJson, as_string, code_units, parse_object

SIGNATURE_HEADER: Final = "x-zevent-signature"


def event_signature(event: Mapping[str, Any], key: str) -> str:
    """Return the lower-case hex SHA-256 of the values in the order of their names, with `key` (no Bearer) behind."""
    values = "".join(as_string(event[name]) for name in sorted(event, key=code_units))
    return hashlib.sha256((values + key).encode()).hexdigest()


def verified(headers: Mapping[str, str], body: bytes, keys: Iterable[str]) -> tuple[dict[str, Any], str]:
    """Return the event in `body` and which of `keys` signed it; header names are lower case.

    Constant time for each key. Raises BadSignature. The values run into each other in the hash, so that a good
    signature alone does not say which digit belongs to which field: the caller must hold each field to its form.
    """
    keys = [key for key in keys if key]
    if not keys:
        raise BadSignature("no API key to verify with")
    given = headers.get(SIGNATURE_HEADER, "").strip().lower().encode(errors="replace")
    if not given:
        raise BadSignature("no signature")
    try:
        event = parse_object(body)
        found = [key for key in keys if hmac.compare_digest(given, event_signature(event, key).encode())]
    except (NotJson, UnicodeEncodeError, RecursionError):
        raise BadSignature("the body is no JSON object that means one thing") from None
    if not found:
        raise BadSignature("the signature does not fit the body")
    return event, found[0]
