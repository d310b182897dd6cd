"""How many parts an SMS takes: GSM 03.38 where every character is in its alphabet, else UCS-2 (3GPP TS 23.038, 6.2)."""

from typing import Final

import msgspec

_BASIC: Final = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
_EXTENDED: Final = frozenset("\f^{}\\[~]|€")
_GSM_ONE, _GSM_MORE = 160, 153
_UCS_ONE, _UCS_MORE = 70, 67


class Parts(msgspec.Struct, frozen=True):
    """`encoding` is GSM-7 or UCS-2, `units` are septets or 16-bit words, `count` is the number of parts."""

    encoding: str
    units: int
    count: int


def parts_of(text: str) -> Parts:
    """Return how a text (in composed form) is sent as SMS."""
    if all(character in _BASIC or character in _EXTENDED for character in text):
        units = sum(2 if character in _EXTENDED else 1 for character in text)
        return Parts("GSM-7", units, _parts([2 if c in _EXTENDED else 1 for c in text], _GSM_ONE, _GSM_MORE))
    widths = [2 if ord(character) > 0xFFFF else 1 for character in text]
    return Parts("UCS-2", sum(widths), _parts(widths, _UCS_ONE, _UCS_MORE))


def _parts(widths: list[int], one: int, more: int) -> int:
    """Return the number of parts; a character of two units is never cut in two."""
    if sum(widths) <= one:
        return 1
    count, filled = 1, 0
    for width in widths:
        if filled + width > more:
            count, filled = count + 1, 0
        filled += width
    return count
