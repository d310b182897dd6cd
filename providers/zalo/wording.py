"""A provider's wording made fit to be stored and shown: without recipients, values or tokens it may echo."""

import html
import re
from collections.abc import Iterable
from typing import Final

MASK: Final = "***"
_LONGEST: Final = 300
# A number as people write phone numbers, and runs that look like a token or a hash.
_NUMBER = re.compile(r"\+?\d[\d .()-]{6,}\d")
_TOKEN = re.compile(r"[A-Za-z0-9_+/=-]{32,}")
_UNPRINTABLE = re.compile(r"[\x00-\x1f\x7f]+")


def clean(text: str, known: Iterable[str] = ()) -> str:
    """Return `text` with every value in `known`, anything like a phone number and anything like a token masked.

    Values of one or two characters are masked where they stand alone, so that a value "a" leaves the sentence readable.
    """
    text = _UNPRINTABLE.sub(" ", text)
    patterns = {_pattern(form) for value in known for form in (value, html.escape(value)) if form.strip()}
    if patterns:
        longest_first = sorted(patterns, key=len, reverse=True)
        text = re.sub("|".join(longest_first), MASK, text, flags=re.IGNORECASE)
    text = _TOKEN.sub(MASK, _NUMBER.sub(MASK, text)).strip()
    return text if len(text) <= _LONGEST else text[: _LONGEST - 1] + "…"


def phone_forms(phone: str) -> tuple[str, ...]:
    """Return the ways in which a phone number (E.164 without the plus) is commonly echoed."""
    national = phone.removeprefix("84")
    return phone, "0" + national, national


def _pattern(value: str) -> str:
    value = _UNPRINTABLE.sub(" ", value).strip()
    return re.escape(value) if len(value) > 2 else rf"(?<!\w){re.escape(value)}(?!\w)"
