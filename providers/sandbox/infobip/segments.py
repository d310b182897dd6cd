"""How many parts an SMS is billed as."""

_GSM = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§"
    "¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
_TWICE = frozenset("^{}\\[~]|€\f")


def segments(text: str) -> int:
    """Return the number of parts: of 160 or 153 septets, or of 70 or 67 pairs of bytes where a letter needs them."""
    if all(letter in _GSM or letter in _TWICE for letter in text):
        size = sum(2 if letter in _TWICE else 1 for letter in text)
        single, many = 160, 153
    else:
        size = len(text.encode("utf-16-be")) // 2
        single, many = 70, 67
    return 1 if size <= single else -(-size // many)
