"""The words of Infobip's answers: statuses, errors, times and the two envelopes of refusals (sections 4, 9 to 11)."""

from datetime import UTC, datetime
from typing import Any

from providers.sandbox.exchange import Answer, json_answer

_GROUPS = {1: "PENDING", 2: "UNDELIVERABLE", 3: "DELIVERED", 4: "EXPIRED", 5: "REJECTED"}
_STATUSES = {
    "PENDING_ENROUTE": (1, 7, "Message sent to next instance"),
    "PENDING_ACCEPTED": (1, 26, "Message accepted, pending for delivery."),
    "UNDELIVERABLE_REJECTED_OPERATOR": (2, 4, "Message rejected by operator"),
    "UNDELIVERABLE_NOT_DELIVERED": (2, 9, "Message sent not delivered"),
    "DELIVERED_TO_HANDSET": (3, 5, "Message delivered to handset"),
    "EXPIRED_EXPIRED": (4, 15, "Message expired"),
    "REJECTED_DND": (5, 10, "DND blocked"),
    "REJECTED_SOURCE": (5, 11, "Invalid Source address"),
    "REJECTED_NOT_ENOUGH_CREDITS": (5, 12, "Not enough credits"),
    "REJECTED_DESTINATION": (5, 52, "Invalid destination address."),
    "REJECTED_SYSTEM_ERROR": (5, 21, "System error"),
    "REJECTED_DUPLICATE_MESSAGE_ID": (5, 23, "Duplicate messageId"),
}
_ERRORS = {
    "NO_ERROR": (0, "OK", 0, "No Error", False),
    "EC_ABSENT_SUBSCRIBER": (1, "HANDSET_ERRORS", 27, "Absent Subscriber", False),
    "EC_UNKNOWN_USER": (1, "CLIENT_ERRORS", 7002, "Unknown user", True),
    "EC_BLOCKED_USER": (1, "CLIENT_ERRORS", 7003, "User blocked the sender", True),
    "EC_INVALID_TEMPLATE_ARGS": (1, "CLIENT_ERRORS", 7008, "Invalid template arguments", True),
    "EC_INVALID_TEMPLATE": (1, "CLIENT_ERRORS", 7009, "Invalid template", True),
    "EC_MESSAGE_TYPE_EXHAUSTED": (1, "CLIENT_ERRORS", 7026, "Message type quota exhausted", True),
    "EC_VALIDITY_EXPIRED": (2, "USER_ERRORS", 4101, "Validity period expired", True),
}
_CODES = {
    400: ("E400", "BAD_REQUEST", "Request cannot be processed."),
    401: ("E401", "UNAUTHORIZED", "The request lacks valid authentication credentials."),
    403: ("E403", "FORBIDDEN", "The access to the requested resource is forbidden."),
    404: ("E404", "NOT_FOUND", "The requested resource was not found."),
    429: ("E429", "TOO_MANY_REQUESTS", "Too many requests."),
    500: ("E500", "GENERAL_ERROR", "Something went wrong. Please contact support."),
}


class Refusal(Exception):
    """The whole request is refused. `old` chooses the older envelope; `code` replaces the usual one of the status."""

    def __init__(
        self,
        status: int,
        violations: tuple[tuple[str, str], ...] = (),
        *,
        old: bool = False,
        code: str = "",
        text: str = "",
        retry_after: int = 0,
    ) -> None:
        super().__init__(text or code or str(status))
        self.status, self.violations, self.old = status, violations, old
        self.code, self.text, self.retry_after = code, text, retry_after

    def answer(self) -> Answer:
        """Return the refusal as Infobip words it."""
        new, old, text = _CODES.get(self.status, _CODES[500])
        headers = {"Retry-After": str(self.retry_after)} if self.retry_after else {}
        body = self._old(old, text) if self.old else self._new(new, text)
        return json_answer(body, self.status, headers)

    def _new(self, code: str, text: str) -> dict[str, Any]:
        return {
            "errorCode": self.code or code,
            "description": self.text or text,
            "action": "Check the syntax, violations and adjust the request.",
            "violations": [{"property": path, "violation": what} for path, what in self.violations],
            "resources": [],
        }

    def _old(self, code: str, text: str) -> dict[str, Any]:
        told: dict[str, Any] = {"messageId": self.code or code, "text": self.text or text}
        if self.violations:
            told["validationErrors"] = {path: [what] for path, what in self.violations}
        return {"requestError": {"serviceException": told}}


def status(name: str) -> dict[str, Any]:
    """Return the `status` object of a name."""
    group, number, text = _STATUSES[name]
    return {"groupId": group, "groupName": _GROUPS[group], "id": number, "name": name, "description": text}


def error(name: str) -> dict[str, Any]:
    """Return the `error` object of a name."""
    group, group_name, number, text, permanent = _ERRORS[name]
    told = {"groupId": group, "groupName": group_name, "id": number, "name": name}
    return {**told, "description": text, "permanent": permanent}


def time(at: float) -> str:
    """Return epoch seconds as Infobip writes times: milliseconds, and a zone without a colon."""
    return datetime.fromtimestamp(at, UTC).strftime("%Y-%m-%dT%H:%M:%S.%f")[:-3] + "+0000"
