"""What a message says: a template with its data, or a content of a type of its own with what that type needs."""

from collections.abc import Mapping
from typing import Any, Final

import msgspec

from messaging.intake.errors import Findings
from messaging.intake.request import ContentIn, MessageIn
from providers.contract import ContentKind

# A type -> the sets of fields of which one must be there whole.
_NEEDS: Final[Mapping[ContentKind, tuple[tuple[str, ...], ...]]] = {
    ContentKind.TEXT: (("text",),),
    ContentKind.IMAGE: (("url",), ("attachment_id",)),
    ContentKind.GIF: (("url", "width", "height"), ("attachment_id", "width", "height")),
    ContentKind.FILE: (("token",),),
    ContentKind.STICKER: (("attachment_id",),),
    ContentKind.REQUEST_USER_INFO: (("title", "subtitle", "image_url"),),
}
_ALWAYS: Final = frozenset({"type", "text", "buttons", "quote_message_id"})
_TEMPLATE: Final = frozenset({"type", "template_id", "template_data"})
_NAMES: Final = {field.name: field.encode_name for field in msgspec.structs.fields(ContentIn)}


class Said(msgspec.Struct, frozen=True):
    """A content: `template_id` and `data` of a template (named at `path`), else `text` and `extra` for the provider."""

    kind: ContentKind
    path: str = ""
    template_id: str = ""
    data: Mapping[str, Any] | msgspec.UnsetType | None = None
    text: str = ""
    extra: dict[str, Any] = {}


def read_content(message: MessageIn, n: int, findings: Findings) -> Said | None:
    """Return what message `n` says; what is wrong goes to `findings`."""
    content, where = message.content, f"messages[{n}].content"
    if content is None:
        return _short(message, n, findings)
    if message.template_id is not None or message.template_data is not None:
        findings.add(where, "ambiguous", f"{where} and templateId or templateData cannot stand together.")
        return None
    if content.type is None:  # already told
        return None
    kind = ContentKind(content.type)
    given = {field for field in _NAMES if getattr(content, field) is not None}
    if kind is not ContentKind.TEMPLATE:
        return _free(content, kind, given, where, findings)
    _unfit(given - _TEMPLATE, where, kind, findings)
    if content.template_id is None:
        findings.add(f"{where}.templateId", "required", f"{where}.templateId is required.")
        return None
    return Said(kind, f"{where}.templateId", content.template_id, content.template_data)


def _short(message: MessageIn, n: int, findings: Findings) -> Said | None:
    where = f"messages[{n}].templateId"
    if message.template_id is not None:
        return Said(ContentKind.TEMPLATE, where, message.template_id, message.template_data)
    # A content or an id of the wrong shape was told already.
    told = (where, f"messages[{n}].content")
    if not any(error.field == f"messages[{n}]" or error.field.startswith(told) for error in findings.errors):
        findings.add(where, "required", f"{where} is required.")
    return None


def _free(content: ContentIn, kind: ContentKind, given: set[str], where: str, findings: Findings) -> Said:
    choices = _NEEDS[kind]
    if not any(given.issuperset(needed) for needed in choices):
        words = " or ".join(" and ".join(_NAMES[name] for name in needed) for needed in choices)
        findings.add(where, "required", f"{where} of the type {kind} needs {words}.")
    known = _ALWAYS.union(*choices)
    _unfit(given - known, where, kind, findings)
    extra = {name: msgspec.to_builtins(getattr(content, name)) for name in sorted(given - {"type", "text"})}
    return Said(kind, text=content.text or "", extra=extra)


def _unfit(names: set[str], where: str, kind: ContentKind, findings: Findings) -> None:
    for name in sorted(names):
        findings.add(f"{where}.{_NAMES[name]}", "unknown", f"{where}.{_NAMES[name]} is no field of the type {kind}.")
