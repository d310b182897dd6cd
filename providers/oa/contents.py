"""The contents of a consultation message: what each looks like on the wire, and its limits (zalo-zns-oa.md 7.1)."""

import unicodedata
from collections.abc import Callable, Mapping
from typing import Any, Final

from providers.contract import ContentKind, ErrorRow, Outbound
from providers.oa import errors
from providers.oa.buttons import read_buttons, unfit_buttons

LONGEST_TEXT: Final = 2_000
LONGEST_TITLE: Final = 100
LONGEST_SUBTITLE: Final = 500


def check(message: Outbound) -> ErrorRow | None:
    """Return why `message` must not be sent, None if nothing speaks against it."""
    unfit = _CHECKS.get(message.kind)
    if unfit is None:
        return errors.NO_TEMPLATES
    if not message.oa_user_id:
        return errors.NO_PERSON
    if len(composed(message.text)) > LONGEST_TEXT:
        return errors.TEXT_TOO_LONG
    return unfit(message) or unfit_buttons(message.extra.get("buttons"))


def content(message: Outbound) -> dict[str, Any]:
    """Return the object `message` of the request for a message that `check` lets pass."""
    wire: dict[str, Any] = {}
    if text := composed(message.text):
        wire["text"] = text
    buttons = read_buttons(message.extra.get("buttons"))
    if attachment := _ATTACHMENTS[message.kind](message.extra):
        if buttons:
            attachment["payload"]["buttons"] = buttons
        wire["attachment"] = attachment
    elif buttons:
        wire["attachment"] = {"type": "template", "payload": {"buttons": buttons}}
    if quoted := _text(message.extra, "quote_message_id"):
        wire["quote_message_id"] = quoted
    return wire


def composed(text: str) -> str:
    """Return `text` with composed accents, as Zalo counts characters (section 2)."""
    return unicodedata.normalize("NFC", text)


def _unfit_text(message: Outbound) -> ErrorRow | None:
    return None if message.text.strip() else errors.TEXT_EMPTY


def _unfit_media(message: Outbound) -> ErrorRow | None:
    extra = message.extra
    named = _text(extra, "attachment_id") or _text(extra, "url").startswith("https://")
    return None if named else errors.MEDIA_UNFIT


def _unfit_gif(message: Outbound) -> ErrorRow | None:
    sized = all(_size(message.extra.get(name)) for name in ("width", "height"))
    return _unfit_media(message) if sized else errors.MEDIA_UNFIT


def _unfit_file(message: Outbound) -> ErrorRow | None:
    return None if _text(message.extra, "token") else errors.MEDIA_UNFIT


def _unfit_sticker(message: Outbound) -> ErrorRow | None:
    return None if _text(message.extra, "attachment_id") else errors.MEDIA_UNFIT


def _unfit_form(message: Outbound) -> ErrorRow | None:
    title, subtitle = (composed(_text(message.extra, name)) for name in ("title", "subtitle"))
    if not (title and subtitle and _text(message.extra, "image_url").startswith("https://")):
        return errors.FORM_UNFIT
    return errors.FORM_UNFIT if len(title) > LONGEST_TITLE or len(subtitle) > LONGEST_SUBTITLE else None


def _media(media_type: str, extra: Mapping[str, Any]) -> dict[str, Any]:
    element: dict[str, Any] = {"media_type": media_type}
    if attachment_id := _text(extra, "attachment_id"):
        element["attachment_id"] = attachment_id
    else:
        element["url"] = _text(extra, "url")
    if media_type == "gif":
        element |= {"width": _size(extra.get("width")), "height": _size(extra.get("height"))}
    return {"type": "template", "payload": {"template_type": "media", "elements": [element]}}


def _file(extra: Mapping[str, Any]) -> dict[str, Any]:
    return {"type": "file", "payload": {"token": _text(extra, "token")}}


def _form(extra: Mapping[str, Any]) -> dict[str, Any]:
    element = {name: composed(_text(extra, name)) for name in ("title", "subtitle", "image_url")}
    return {"type": "template", "payload": {"template_type": "request_user_info", "elements": [element]}}


def _text(extra: Mapping[str, Any], name: str) -> str:
    value = extra.get(name)
    return value if isinstance(value, str) else ""


def _size(value: object) -> int:
    """Return a number of pixels, also written as text; 0 for anything else."""
    if isinstance(value, str) and value.isdecimal() and len(value) < 6:
        return int(value)
    return value if isinstance(value, int) and not isinstance(value, bool) and value > 0 else 0


_CHECKS: Final[Mapping[ContentKind, Callable[[Outbound], ErrorRow | None]]] = {
    ContentKind.TEXT: _unfit_text,
    ContentKind.IMAGE: _unfit_media,
    ContentKind.GIF: _unfit_gif,
    ContentKind.FILE: _unfit_file,
    ContentKind.STICKER: _unfit_sticker,
    ContentKind.REQUEST_USER_INFO: _unfit_form,
}
_ATTACHMENTS: Final[Mapping[ContentKind, Callable[[Mapping[str, Any]], dict[str, Any] | None]]] = {
    ContentKind.TEXT: lambda extra: None,
    ContentKind.IMAGE: lambda extra: _media("image", extra),
    ContentKind.GIF: lambda extra: _media("gif", extra),
    ContentKind.FILE: _file,
    ContentKind.STICKER: lambda extra: _media("sticker", extra),
    ContentKind.REQUEST_USER_INFO: _form,
}
