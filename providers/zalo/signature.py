"""Zalo's two hashes: the proof that a call knows the app's secret, and the signature of webhook events."""

import hashlib
import hmac
from typing import Final

from providers.contract import BadSignature

SIGNATURE_HEADER: Final = "x-zevent-signature"


def appsecret_proof(access_token: str, app_secret: str) -> str:
    """Return the value of the header `appsecret_proof`: lower-case hex HMAC-SHA256 of the token under the app's secret.

    Needed only by apps that have the check turned on (zalo-zns-oa.md section 2).
    """
    return hmac.new(app_secret.encode(), access_token.encode(), hashlib.sha256).hexdigest()


def event_signature(app_id: str, body: bytes, timestamp: str, oa_secret_key: str) -> str:
    """Return the hex digest that signs an event: plain SHA-256 over app id, raw body, timestamp and OA secret key.

    `timestamp` is the text in the body; the key is that of the console's webhook page, not the app's secret
    (zalo-zns-oa.md section 6.1).
    """
    digest = hashlib.sha256(app_id.encode())
    digest.update(body)
    digest.update((timestamp + oa_secret_key).encode())
    return digest.hexdigest()


def verify_event(header: str, app_id: str, body: bytes, timestamp: str, oa_secret_key: str) -> None:
    """Check the header `X-ZEvent-Signature` (`mac=<hex>`, spaces allowed) in constant time; raise BadSignature."""
    if not app_id or not oa_secret_key:
        raise BadSignature("no app id or OA secret key to verify with")
    name, _, given = header.partition("=")
    if name.strip().lower() != "mac" or not given:
        raise BadSignature("no signature of the form mac=<hex>")
    expected = event_signature(app_id, body, timestamp, oa_secret_key)
    if not hmac.compare_digest(given.strip().lower().encode(), expected.encode()):
        raise BadSignature("the signature does not fit the body")
