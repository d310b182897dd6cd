"""How long an SMS is, in words for a person."""

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from tenants.texts.checking import without_values
from tenants.texts.length import Length, length_of


def shown_length(text: str, *, plain: bool = False) -> str:
    """Return encoding and parts of an SMS without its values, and what its diacritics cost; a dash for no text."""
    if not text:
        return "—"
    length = length_of(without_values(text), plain=plain)
    told = _("%(encoding)s, %(characters)d characters and the values: at least %(parts)s.") % {
        "encoding": length.parts.encoding,
        "characters": length.characters,
        "parts": _parts(length),
    }
    return f"{told} {dearer(length)}".strip()


def shown_parts(length: Length) -> str:
    """Return encoding and parts of an SMS with its values, and what its diacritics cost."""
    return f"{length.parts.encoding}, {_parts(length)}. {dearer(length)}".strip()


def _parts(length: Length) -> str:
    count = length.parts.count
    return ngettext("%(count)d part", "%(count)d parts", count) % {"count": count}


def dearer(length: Length) -> str:
    """Return the warning that diacritics cost more parts, empty where they do not."""
    if not length.dearer:
        return ""
    return _("Because of its diacritics it takes %(count)d parts; without them %(bare)d.") % {
        "count": length.parts.count,
        "bare": length.bare_parts,
    }
