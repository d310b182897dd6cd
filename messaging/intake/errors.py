"""Why a request was not accepted."""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

MOST_LISTED = 100


class FieldError(NamedTuple):
    """One thing that is wrong; `field` is a path such as messages[17].templateData.amount."""

    field: str
    code: str
    message: str


class NotJson(ValueError):
    """The body is no JSON; the text says what is wrong and at which byte."""


class Refused(ValueError):
    """The request is understood and cannot be accepted; nothing of it was stored.

    `errors` holds the first MOST_LISTED, `count` how many there are.
    """

    def __init__(self, errors: Sequence[FieldError], count: int | None = None) -> None:
        super().__init__(f"{count or len(errors)} bad fields")
        self.errors = list(errors[:MOST_LISTED])
        self.count = count or len(errors)


class BodyDiffers(ValueError):
    """The Idempotency-Key was used before with another body."""


class StillRunning(Exception):
    """The request that first used this Idempotency-Key has not ended yet."""


class Findings:
    """Collects what is wrong with one request; keeps the first MOST_LISTED and counts all.

    `doubt` is a general fault, told only where nothing more exact is found.
    """

    def __init__(self) -> None:
        self.doubt = ""
        self.errors: list[FieldError] = []
        self.count = 0

    def add(self, field: str, code: str, message: str) -> None:
        """Note one bad field."""
        self.count += 1
        if len(self.errors) < MOST_LISTED:
            self.errors.append(FieldError(field, code, message))

    def extend(self, errors: Iterable[FieldError]) -> None:
        """Note several."""
        for error in errors:
            self.add(*error)

    def raise_if_any(self) -> None:
        """Raise Refused if anything was noted."""
        if self.doubt and not self.count:
            self.add("", "invalid", self.doubt)
        if self.count:
            raise Refused(self.errors, self.count)
