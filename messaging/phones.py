"""Phone numbers as the gateway keeps them: E.164 without the plus."""

import re

import phonenumbers

_VIETNAM = re.compile(r"(?:\+?84|0)([35789]\d{8})", re.ASCII)
_SEPARATORS = str.maketrans("", "", " .-()\u00a0")
# Recipients of the sandbox with a fixed outcome; no operator serves this prefix.
_MAGIC = re.compile(r"849000000\d\d", re.ASCII)
_LONGEST = 40


def normalise(text: str) -> str | None:
    """Return `text` as digits with the country's code (84987654321), or None where it is no phone number.

    A Vietnamese mobile number may be written 0987654321, 84987654321 or +84987654321; any other number needs its plus
    and must exist in its country's plan. Spaces, dots, dashes and brackets are ignored.
    """
    match = _VIETNAM.fullmatch(text)
    if match:
        return "84" + match[1]
    if len(text) > _LONGEST:
        return None
    bare = text.translate(_SEPARATORS)
    match = _VIETNAM.fullmatch(bare)
    if match:
        return "84" + match[1]
    digits = bare.removeprefix("+")
    if _MAGIC.fullmatch(digits):
        return digits
    return _foreign(bare) if bare.startswith("+") else None


def _foreign(text: str) -> str | None:
    try:
        number = phonenumbers.parse(text, None)
    except phonenumbers.NumberParseException:
        return None
    if number.country_code == 84 or number.extension or not phonenumbers.is_valid_number(number):
        return None
    return str(phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164))[1:]
