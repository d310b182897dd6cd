from enum import StrEnum


class Why(StrEnum):
    """Why a bulk cannot be changed."""

    FINISHED = "ALREADY_FINISHED"
    CANCELED = "ALREADY_CANCELED"


class NoSuchBulk(LookupError):
    """The tenant has no such bulk."""


class CannotChange(Exception):
    """The bulk is over."""

    def __init__(self, why: Why) -> None:
        super().__init__(why)
        self.why = why
