"""The buttons of a consultation message (zalo-zns-oa.md 7.1): at most five, of a type that says what each carries."""

from collections.abc import Callable, Mapping
from typing import Any, Final

from providers.contract import ErrorRow
from providers.oa import errors

MOST_BUTTONS: Final = 5
LONGEST_TITLE: Final = 100
LONGEST_PAYLOAD: Final = 1_000


def unfit_buttons(buttons: object) -> ErrorRow | None:
    """Return what is wrong with a message's buttons, None where they are right or absent."""
    if buttons is None:
        return None
    if not isinstance(buttons, list | tuple) or not all(_fits(button) for button in buttons):
        return errors.BUTTON_UNFIT
    return errors.TOO_MANY_BUTTONS if len(buttons) > MOST_BUTTONS else None


def read_buttons(buttons: object) -> list[dict[str, Any]]:
    """Return buttons that fit as they stand on the wire."""
    given = buttons if isinstance(buttons, list | tuple) else ()
    return [{name: button[name] for name in ("title", "type", "payload")} for button in given]


def _fits(button: object) -> bool:
    if not isinstance(button, Mapping):
        return False
    title, carries = button.get("title"), _PAYLOADS.get(str(button.get("type")))
    titled = isinstance(title, str) and 0 < len(title) <= LONGEST_TITLE
    return titled and carries is not None and carries(button.get("payload"))


def _query(payload: object) -> bool:
    return isinstance(payload, str) and 0 < len(payload) <= LONGEST_PAYLOAD


def _url(payload: object) -> bool:
    url = payload.get("url") if isinstance(payload, Mapping) else None
    return isinstance(url, str) and url.startswith(("https://", "http://"))


def _phone(payload: object) -> bool:
    phone = payload.get("phone_code") if isinstance(payload, Mapping) else None
    return isinstance(phone, str) and bool(phone)


def _sms(payload: object) -> bool:
    content = payload.get("content") if isinstance(payload, Mapping) else None
    return _phone(payload) and isinstance(content, str) and bool(content)


_PAYLOADS: Final[Mapping[str, Callable[[object], bool]]] = {
    "oa.open.url": _url,
    "oa.query.show": _query,
    "oa.query.hide": _query,
    "oa.open.phone": _phone,
    "oa.open.sms": _sms,
}
