"""How Infobip says that it refuses a request: two envelopes, both in use (infobip.md section 9)."""

import re
from collections.abc import Mapping
from typing import Any, Final

import msgspec

from providers.contract import Reply
from providers.zalo.fields import as_list, as_object, as_text, json_object

_INDEX: Final = re.compile(r"\bmessages\[(\d{1,6})\]")


class Fault(msgspec.Struct, frozen=True, kw_only=True):
    """What a refusing answer tells: its `code` and `text`, and what is wrong with which message by its index."""

    code: str = ""
    text: str = ""
    violations: Mapping[int, str] = {}

    @property
    def words(self) -> str:
        """Code and text in one line."""
        return f"{self.code}: {self.text}" if self.code and self.text else self.code or self.text


def read_fault(reply: Reply) -> Fault:
    """Return what the answer tells of its refusal, empty where it is not Infobip's JSON."""
    root = json_object(reply.body)
    if root is None:
        return Fault()
    old = as_object(as_object(root.get("requestError")).get("serviceException"))
    if old:
        named = as_object(old.get("validationErrors"))
        pairs = [(path, " ".join(as_text(text) for text in as_list(texts))) for path, texts in named.items()]
        return _fault(as_text(old.get("messageId")), as_text(old.get("text")), pairs)
    listed = [as_object(entry) for entry in as_list(root.get("violations"))]
    pairs = [(as_text(entry.get("property")), as_text(entry.get("violation"))) for entry in listed]
    return _fault(as_text(root.get("errorCode")), as_text(root.get("description")), pairs)


def _fault(code: str, text: str, pairs: list[tuple[str, str]]) -> Fault:
    violations = {int(found[1]): f"{path}: {what}" for path, what in pairs if (found := _INDEX.search(path))}
    if not violations and pairs:
        text = "; ".join([text, *(f"{path}: {what}" for path, what in pairs)])
    return Fault(code=code, text=text, violations=violations)


def elements(reply: Reply, name: str) -> list[Mapping[str, Any]] | None:
    """Return the objects of the array `name` in a JSON answer, None where there is no such array."""
    found = (json_object(reply.body) or {}).get(name)
    return [as_object(each) for each in found] if isinstance(found, list) else None
