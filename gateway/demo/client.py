"""A client application of the gateway, as small as it can be: JSON over HTTP with one API key."""

import http.client
import json
from typing import Any, Final
from urllib.parse import urlsplit

from gateway.demo.errors import DemoError

CALL_SECONDS: Final = 30.0
TAKEN: Final = frozenset({200, 201, 202, 204})


class Client:
    """Calls one origin (`http://host:port`) with `key`, or without one where it is empty.

    Each call opens its own connection; every method raises DemoError for a call that fails or is refused.
    """

    def __init__(self, origin: str, key: str = "") -> None:
        self._origin = urlsplit(origin)
        self._headers = {"Content-Type": "application/json"}
        if key:
            self._headers["Authorization"] = f"Bearer {key}"

    def get(self, path: str) -> Any:
        """Return the answer of GET `path` (with its query)."""
        return self._call("GET", path, None)

    def post(self, path: str, body: object) -> Any:
        """Return the answer of POST `path` with `body` as JSON."""
        return self._call("POST", path, json.dumps(body, ensure_ascii=False).encode())

    def delete(self, path: str) -> None:
        """Call DELETE `path`."""
        self._call("DELETE", path, None)

    def _call(self, method: str, path: str, body: bytes | None) -> Any:
        where = f"{method} {self._origin.geturl()}{path}"
        connection = http.client.HTTPConnection(self._origin.hostname or "", self._origin.port, timeout=CALL_SECONDS)
        try:
            connection.request(method, path, body, self._headers)
            reply = connection.getresponse()
            answer = reply.read()
        except (OSError, http.client.HTTPException) as error:
            raise DemoError(f"{where}: {error or type(error).__name__}") from error
        finally:
            connection.close()
        if reply.status not in TAKEN:
            raise DemoError(f"{where} answered HTTP {reply.status}: {answer[:500].decode(errors='replace')}")
        return json.loads(answer) if answer else None
