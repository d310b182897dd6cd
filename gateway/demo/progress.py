"""How far the messages are: a bar that grows in place on a terminal, else a line now and then."""

import time
from collections import Counter
from collections.abc import Sequence
from typing import Final, TextIO

from gateway.demo.sending import Sent

WIDTH: Final = 30
LINE_SECONDS: Final = 5.0


class Progress:
    """Shows messages on `stream`; call it with all of them after each look."""

    def __init__(self, stream: TextIO) -> None:
        self._stream, self._in_place = stream, stream.isatty()
        self._shown = ""
        self._next = 0.0

    def __call__(self, sent: Sequence[Sent]) -> None:
        """Show how many have ended and in which states all of them are."""
        done = sum(message.final for message in sent)
        filled = WIDTH * done // max(1, len(sent))
        states = ", ".join(f"{count} {state}" for state, count in sorted(Counter(m.state for m in sent).items()))
        line = f"[{'#' * filled}{'.' * (WIDTH - filled)}] {done}/{len(sent)}  {states}"
        if self._in_place:
            self._stream.write(f"\r\x1b[2K{line}")
        elif line != self._shown and (done == len(sent) or time.monotonic() >= self._next):
            self._next = time.monotonic() + LINE_SECONDS
            self._stream.write(f"{line}\n")
        self._shown = line
        self._stream.flush()

    def end(self) -> None:
        """Leave the bar's line, so that what follows has its own."""
        if self._in_place and self._shown:
            self._stream.write("\n")
            self._stream.flush()
