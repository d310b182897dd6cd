"""How long an SMS is with one person's values in it."""

import msgspec

from tenants.texts.diacritics import without_diacritics
from tenants.texts.segments import Parts, parts_of


class Length(msgspec.Struct, frozen=True):
    """The parts of an SMS, its characters, and the number of parts that it would take without diacritics."""

    parts: Parts
    characters: int
    bare_parts: int

    @property
    def dearer(self) -> bool:
        """Return whether diacritics cost more parts."""
        return self.parts.count > self.bare_parts


def length_of(text: str, *, plain: bool) -> Length:
    """Return the length of a text in composed form; `plain` takes its diacritics out."""
    bare = without_diacritics(text)
    said = bare if plain else text
    return Length(parts_of(said), len(said), parts_of(bare).count)
