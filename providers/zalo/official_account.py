"""Who a token speaks for: the reading of `GET /v2.0/oa/getoa` (zalo-zns-oa.md section 7.3)."""

from typing import Any, Final

from providers.contract import Question
from providers.zalo.envelope import Envelope
from providers.zalo.fields import as_bool, as_text

PROFILE_PATH: Final = "/v2.0/oa/getoa"


class Unreadable(Exception):
    """The answer says success and lacks what was asked for; the text names what."""


def official_account(envelope: Envelope, question: Question) -> dict[str, Any]:
    """Return who the token speaks for: `oa_id, name, verified, package, package_until, billing_account`.

    Where the question names an `oa_id` that is another one's, that is what is wrong.
    """
    data = envelope.fields
    oa_id = as_text(data.get("oa_id")) or as_text(data.get("oaid"))
    expected = question.params.get("oa_id", "")
    if expected and oa_id and expected != oa_id:
        raise Unreadable(f"the token belongs to another Official Account ({oa_id}): reconnect the right one")
    return {
        "oa_id": oa_id,
        "name": as_text(data.get("name")),
        "verified": as_bool(data.get("is_verified")),
        "package": as_text(data.get("package_name")),
        "package_until": as_text(data.get("package_valid_through_date")),
        "billing_account": as_text(data.get("linked_zca")) or as_text(data.get("linked_ZCA")),
    }
