"""The signed headers of NXCloud's JSON endpoints (nxcloud.md section 2)."""

import hashlib
import hmac
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Final

from providers.contract import BadSignature, Headers

SIGNED: Final = ("accessKey", "action", "bizType", "ts")
TOLERANCE: Final = timedelta(seconds=60)
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)


def signature(headers: Mapping[str, str], body: bytes, secret: str, algorithm: str = "md5") -> str:
    """Return the lower-case hex digest over the four named `headers`, the exact `body` and the secret.

    A plain hash that ends in the secret, not an HMAC. An empty body is left out. `algorithm` is md5 or sha256.
    """
    named = "&".join(f"{name}={headers[name]}" for name in SIGNED)
    digest = hashlib.new(algorithm, named.encode(), usedforsecurity=False)
    if body:
        digest.update(b"&body=" + body)
    digest.update(f"&accessSecret={secret}".encode())
    return digest.hexdigest()


def signed_headers(credentials: Mapping[str, str], biz_type: str, action: str, body: bytes, now: datetime) -> Headers:
    """Return the headers that sign `body` at `now` (aware); `credentials` as in the README.

    They hold for a minute, so they are made anew for each attempt. The secret itself does not travel.
    """
    algorithm = "sha256" if credentials.get("algorithm") == "sha256" else "md5"
    milliseconds = (now - _EPOCH) // timedelta(milliseconds=1)
    headers = {
        "accessKey": credentials.get("access_key", ""),
        "action": action,
        "bizType": biz_type,
        "ts": str(milliseconds),
    }
    sign = signature(headers, body, credentials.get("access_secret", ""), algorithm)
    named = (*headers.items(), ("sign", sign))
    return (*named, ("algorithm", algorithm)) if algorithm != "md5" else named


def verify(headers: Mapping[str, str], body: bytes, access_key: str, secret: str, now: datetime) -> None:
    """Check the signed `headers` (names in lower case) of a call to us over its raw body.

    Constant time. Raises BadSignature, also for a time that is more than a minute away from `now` (aware).
    """
    if not secret:
        raise BadSignature("the call is signed, and there is no access secret to verify with")
    named = {name: headers.get(name.lower(), "") for name in SIGNED}
    algorithm = headers.get("algorithm", "md5").strip().lower()
    if algorithm not in ("md5", "sha256"):
        raise BadSignature("the signature has an algorithm that is neither md5 nor sha256")
    if access_key and not hmac.compare_digest(named["accessKey"].encode(), access_key.encode()):
        raise BadSignature("the call is signed with another access key")
    expected = signature(named, body, secret, algorithm)
    if not hmac.compare_digest(headers.get("sign", "").strip().lower().encode(), expected.encode()):
        raise BadSignature("the signature does not fit the body")
    _check_time(named["ts"], now)


def _check_time(stamp: str, now: datetime) -> None:
    if not (stamp.isascii() and stamp.isdecimal() and len(stamp) < 16):
        raise BadSignature("the call is signed without a time")
    if abs(now - (_EPOCH + timedelta(milliseconds=int(stamp)))) > TOLERANCE:
        raise BadSignature("the call was signed more than a minute ago or ahead")
