"""The texts in code and templates that people read and that therefore have to be translated."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from django.utils.translation.template import templatize

ROOMS: Final = ("gateway", "messaging", "tenants", "providers")
MARKS: Final = frozenset({"_", "gettext", "gettext_lazy", "ngettext", "ngettext_lazy"})
_STRING: Final = r"u?('(?:[^'\\]|\\.)*'|\"(?:[^\"\\]|\\.)*\")"
# What Django makes of a template for its own search for texts.
_MARKED: Final = re.compile(rf"\b(?:_|gettext|ngettext)\({_STRING}")


def texts(root: Path) -> set[str]:
    """Return every text under `root` that is marked for translation (of a plural the singular)."""
    found: set[str] = set()
    for room in ROOMS:
        for path in (root / room).rglob("*.py"):
            if "migrations" not in path.parts:
                found.update(_of_code(path.read_text(encoding="utf-8")))
        for path in (root / room).rglob("*.html"):
            found.update(_of_template(path.read_text(encoding="utf-8")))
    return found


def _of_code(code: str) -> Iterator[str]:
    for node in ast.walk(ast.parse(code)):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in MARKS and node.args:
            text = node.args[0]
            if isinstance(text, ast.Constant) and isinstance(text.value, str):
                yield text.value


def _of_template(template: str) -> Iterator[str]:
    for match in _MARKED.finditer(templatize(template)):
        yield ast.literal_eval(match[1])
