"""Journey tokens (zalo-zns-oa.md 4.3): they carry all they say, so nothing has to be kept."""

import base64
import hashlib
import hmac

import msgspec

from providers.sandbox.exchange import Answer, json_answer

WEEK_MS = 7 * 86_400_000
_KEY = b"sandbox journey tokens"


class Journey(msgspec.Struct, frozen=True, kw_only=True):
    """What a journey token stands for; times are epoch milliseconds."""

    app_id: str
    oa_id: str
    phone: str
    created_at: int
    expired_at: int

    def phone_hash(self) -> str:
        """Return the recipient as a hashed send names it."""
        return hashlib.sha256(self.phone.encode()).hexdigest()


def write(journey: Journey) -> str:
    """Return the journey as a token."""
    payload = base64.urlsafe_b64encode(msgspec.json.encode(journey))
    return payload.decode() + "." + _mark(payload)


def read(token: str) -> Journey | None:
    """Return the journey of a token, or None if it is not one of ours."""
    payload, _, mark = token.partition(".")
    if not hmac.compare_digest(_mark(payload.encode()).encode(), mark.encode()):
        return None
    return msgspec.json.decode(base64.urlsafe_b64decode(payload), type=Journey)


def _mark(payload: bytes) -> str:
    return hmac.new(_KEY, payload, hashlib.sha256).hexdigest()[:32]


def given(journey: Journey, number: int) -> Answer:
    """Return the answer that hands out a token; its fields stand beside `error`, not under `data` (4.3)."""
    return json_answer({"error": 0, "message": "Success", "token": write(journey), "journey_id": str(number)})
