"""How every call with a partner's key is made, and the checks that its fields share."""

import re
from collections.abc import Mapping
from typing import Final
from urllib.parse import urlencode

import msgspec

from providers.contract import Call, Context, Headers
from providers.mini_app.hosts import API_HOST

FAMILIES: Final[Mapping[str, str]] = {"partners": "/partners", "v2": "/v2"}
MOST_LISTED: Final = 20
_JSON: Final = ("Content-Type", "application/json")
_ID: Final = re.compile(r"[0-9]{1,20}", re.ASCII)
_encode = msgspec.json.Encoder().encode


class CallMaker:
    """Makes the calls of one partner in its family of paths.

    `credentials`: partner_id, partner_api_key, and `family`, which is `partners` unless it is `v2`.
    """

    def __init__(self, credentials: Mapping[str, str], context: Context) -> None:
        self.prefix = FAMILIES[credentials.get("family") or "partners"]
        key = f"Bearer {credentials.get('partner_api_key', '')}"
        self._headers: Headers = ("X-Partner-Api-Key", key), ("X-Partner-Id", credentials.get("partner_id", ""))
        self._context = context

    def get(self, path: str, query: Mapping[str, str] | None = None) -> Call:
        """Return a call that reads `path`, which follows the family's prefix."""
        return self.call("GET", f"{path}?{urlencode(query)}" if query else path)

    def send(self, method: str, path: str, fields: object) -> Call:
        """Return a call with `fields` as JSON."""
        return self.call(method, path, (_JSON,), _encode(fields))

    def call(self, method: str, path: str, headers: Headers = (), body: bytes = b"", least: float = 0.0) -> Call:
        """Return a call that takes at least `least` seconds before it is given up."""
        return Call(
            method=method,
            url=self._context.url(API_HOST, self.prefix + path),
            headers=(*self._headers, *headers),
            body=body,
            timeout=max(least, self._context.timeout),
        )


def app_path(app_id: str) -> str:
    """Return the path of a Mini App. Raises ValueError."""
    return f"/apps/{number('miniAppId', app_id)}"


def number(name: str, value: str) -> str:
    """Return `value` if it is an id. Raises ValueError naming the field."""
    if not _ID.fullmatch(value):
        raise ValueError(f"{name}: is a number of up to 20 digits")
    return value


def told(name: str, value: str) -> str:
    """Return `value` if it says something. Raises ValueError naming the field."""
    if not value.strip():
        raise ValueError(f"{name}: must not be empty")
    return value


def page(offset: int, limit: int) -> dict[str, str]:
    """Return the query of one page. Raises ValueError naming the field."""
    if offset < 0 or not 1 <= limit <= MOST_LISTED:
        raise ValueError(f"limit: is 1 to {MOST_LISTED}, and offset not below 0")
    return {"offset": str(offset), "limit": str(limit)}
