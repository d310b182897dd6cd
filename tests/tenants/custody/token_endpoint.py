"""A token endpoint that does what a test scripts: one entry a call, the last one for all further calls."""

import json
import threading
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs

from django.db import connection

Step = bytes | dict[str, Any] | Callable[[], "Step"] | None


class TokenEndpoint:
    """`heard` are the forms received. A step is a body, a JSON answer, a call that yields one, or None: hang up."""

    def __init__(self, *steps: Step) -> None:
        self.heard: list[dict[str, str]] = []
        self.steps = list(steps)
        endpoint = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                form = parse_qs(self.rfile.read(int(self.headers["Content-Length"])).decode())
                endpoint.heard.append({name: values[0] for name, values in form.items()})
                step = endpoint.steps.pop(0) if len(endpoint.steps) > 1 else endpoint.steps[0]
                try:
                    while callable(step):
                        step = step()
                finally:
                    connection.close()
                if step is None:
                    self.close_connection = True
                    return
                body = step if isinstance(step, bytes) else json.dumps(step).encode()
                self.send_response(502 if body.startswith(b"<html>") else 200)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, format: str, *args: Any) -> None:
                """Say nothing."""

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.origin = f"http://127.0.0.1:{self._server.server_address[1]}"
        threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True).start()

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()


def pair(number: int, **more: str) -> dict[str, str]:
    """Return an answer with the pair of this number."""
    return {"access_token": f"access-{number}", "refresh_token": f"refresh-{number}", "expires_in": "90000", **more}
