"""What every call to Infobip shares: where it goes and who it is from (infobip.md section 1)."""

import base64
from collections.abc import Mapping
from typing import Final

from providers.contract import Call, Context, Headers

SHARED_HOST: Final = "api.infobip.com"
_JSON: Final = "application/json"


def url(credentials: Mapping[str, str], context: Context, path: str) -> str:
    """Return the URL of `path` at the account's own host, `base_url` of the credentials.

    A host that is not Infobip's is passed over for the shared one: it would be given the key.
    """
    host, _, prefix = credentials.get("base_url", "").strip().rpartition("://")[2].rstrip("/").partition("/")
    if not host.lower().endswith(".infobip.com") or not host.replace(".", "").replace("-", "").isalnum():
        host, prefix = SHARED_HOST, ""
    return context.url(host, f"/{prefix}{path}" if prefix else path)


def headers(credentials: Mapping[str, str]) -> Headers:
    """Return the headers of a call: an API key, else a user's name and password, else a token made elsewhere."""
    return ("Authorization", _authorization(credentials)), ("Accept", _JSON)


def _authorization(credentials: Mapping[str, str]) -> str:
    if key := credentials.get("api_key", ""):
        return f"App {key}"
    if user := credentials.get("username", ""):
        pair = f"{user}:{credentials.get('password', '')}".encode()
        return f"Basic {base64.b64encode(pair).decode()}"
    return f"Bearer {credentials.get('access_token', '')}"


def get(credentials: Mapping[str, str], context: Context, path: str) -> Call:
    """Return a GET of `path` with its query."""
    return Call(
        method="GET", url=url(credentials, context, path), headers=headers(credentials), timeout=context.timeout
    )


def post(credentials: Mapping[str, str], context: Context, path: str, body: bytes, legs: tuple[str, ...] = ()) -> Call:
    """Return a POST of JSON that carries `legs`."""
    return Call(
        method="POST",
        url=url(credentials, context, path),
        headers=(*headers(credentials), ("Content-Type", _JSON)),
        body=body,
        legs=legs,
        timeout=context.timeout,
    )
