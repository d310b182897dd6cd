"""What a host of the sandbox is given and what it gives back."""

from collections.abc import Mapping
from enum import Enum
from typing import Any
from urllib.parse import parse_qsl

import msgspec


class Request(msgspec.Struct, frozen=True, kw_only=True):
    """One call as it arrived.

    `id` counts arrivals; `at` is epoch seconds; `path` begins with a slash and has neither host nor query; header names
    are lower case.
    """

    id: int
    at: float
    method: str
    host: str
    path: str
    query: str
    headers: Mapping[str, str]
    body: bytes

    def params(self) -> dict[str, str]:
        """Return the query's parameters, decoded; of a repeated name the last counts."""
        return dict(parse_qsl(self.query, keep_blank_values=True))

    def form(self) -> dict[str, str]:
        """Return the fields of a form-encoded body, decoded; bytes that are not UTF-8 are replaced."""
        return dict(parse_qsl(self.body.decode(errors="replace"), keep_blank_values=True))


class Answer(msgspec.Struct, frozen=True, kw_only=True):
    """A reply to be sent whole."""

    status: int = 200
    body: bytes = b""
    content_type: str = "application/json"
    headers: Mapping[str, str] = {}


class Silence(Enum):
    """A call that gets no reply: the connection is held until the client gives up, or is reset at once."""

    HOLD = "hold"
    RESET = "reset"


Result = Answer | Silence


class Subject(msgspec.Struct, frozen=True, kw_only=True):
    """Whom a call concerns, for faults: a recipient as digits without plus, and the account of its token."""

    to: str = ""
    account: str = ""


class HookCall(msgspec.Struct, frozen=True, kw_only=True):
    """A signed call to the webhook named `hook`."""

    hook: str
    headers: Mapping[str, str]
    body: bytes


class Host:
    """One imitated host, built once with the sandbox it lives in. What a host does not override, it does not do."""

    async def answer(self, request: Request) -> Result:
        """Return what the real host would say to the request."""
        raise NotImplementedError

    def subject(self, request: Request) -> Subject:
        """Return whom the request concerns, empty where it cannot be told. Never raises."""
        return Subject()

    def worded(self, code: int, message: str, status: int) -> Answer:
        """Return the error of a fault as the host words its errors; as Zalo's hosts do unless overridden."""
        return json_answer({"error": code, "message": message}, status)

    def accounts(self) -> dict[str, Any]:
        """Return what is seeded and valid now, in the shape of `GET /_/accounts`; empty if the host owns nothing."""
        return {}

    def event(self, account: str, event: Mapping[str, Any]) -> HookCall | None:
        """Return the call that reports `event` of the account, or None if the host would report nothing of it."""
        return None

    def change_template(self, account: str, template: str, fields: Mapping[str, str]) -> list[HookCall] | None:
        """Set fields of a template and return the calls that report it, or None if there is no such template."""
        return None

    def person(self, account: str, user: str, change: Mapping[str, Any]) -> tuple[Any, list[HookCall]] | None:
        """Change a person at an account and let them act; return them and the calls that report it.

        None if the host knows no such person. Raises msgspec.ValidationError for a change that it does not know.
        """
        return None


_encode = msgspec.json.Encoder().encode


def json_answer(value: object, status: int = 200, headers: Mapping[str, str] | None = None) -> Answer:
    """Return an answer with `value` as JSON."""
    return Answer(status=status, body=_encode(value), headers=headers or {})
