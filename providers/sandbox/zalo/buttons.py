"""Buttons of consultation messages, checked as the host does (zalo-zns-oa.md 7.1)."""

from typing import Any

from providers.sandbox.zalo.envelope import Refusal

MOST = 5
LONGEST_PAYLOAD = 1_000
OBJECTS = {"oa.open.url": ("url",), "oa.open.phone": ("phone_code",), "oa.open.sms": ("phone_code", "content")}
QUERIES = ("oa.query.show", "oa.query.hide")


def shown_buttons(buttons: object) -> str:
    """Return the titles of the buttons as a phone shows them, empty for none. Raises Refusal."""
    if buttons is None:
        return ""
    if not isinstance(buttons, list) or not buttons:
        raise Refusal(-201, "buttons is invalid!")
    if len(buttons) > MOST:
        raise Refusal(-210, "buttons exceeds the limit of 5")
    return " · ".join(_title(button) for button in buttons)


def _title(button: Any) -> str:
    if not isinstance(button, dict) or not isinstance(button.get("title"), str) or not button["title"]:
        raise Refusal(-201, "title is invalid!")
    payload, sort = button.get("payload"), button.get("type")
    if sort in QUERIES:
        fits = isinstance(payload, str) and 0 < len(payload) <= LONGEST_PAYLOAD
    else:
        fits = isinstance(payload, dict) and all(
            isinstance(payload.get(name), str) and payload[name] for name in OBJECTS.get(str(sort), ("?",))
        )
    if not fits:
        raise Refusal(-201, "payload is invalid!")
    title: str = button["title"]
    return title
