"""Tables of error codes as the references give them, with what the engine is to do about each."""

import msgspec


class Row(msgspec.Struct, frozen=True):
    """One code: its class's letter, what becomes of a message with another step behind it, of one whose validity would
    end before another call, and of one at its last step; and what is stopped or remembered."""

    code: str
    letter: str
    onward: str
    hasty: str
    last: str
    means: str


def read(text: str) -> list[Row]:
    """Return the rows of a table: on each line what its codes have in common, a colon, and the codes."""
    rows = []
    for line in text.strip().splitlines():
        if line.startswith("#"):
            continue
        common, _, codes = line.partition(" : ")
        rows += [Row(code, *common.split()) for code in codes.split()]
    return rows
