"""Vietnamese without its marks, for texts that must fit the alphabet of cheap SMS."""

import unicodedata

_BARE = str.maketrans(
    {
        "đ": "d",
        "Đ": "D",
        "–": "-",
        "—": "-",
        "‘": "'",
        "’": "'",
        "“": '"',
        "”": '"',
        "…": "...",
        "₫": "d",
        "\u00a0": " ",
    }
)


def without_diacritics(text: str) -> str:
    """Return `text` with letters of Vietnamese written without marks and typographic signs in their plain form."""
    decomposed = unicodedata.normalize("NFD", text.translate(_BARE))
    return unicodedata.normalize("NFC", "".join(c for c in decomposed if not unicodedata.combining(c)))
