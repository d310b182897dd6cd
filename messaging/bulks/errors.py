from enum import StrEnum

# The reason for which a bulk is paused while a campaign still fills it.
LOADING = "LOADING"


class Why(StrEnum):
    """Why a bulk cannot be changed."""

    FINISHED = "ALREADY_FINISHED"
    CANCELED = "ALREADY_CANCELED"
    LOADING = "STILL_LOADING"


class NoSuchBulk(LookupError):
    """The tenant has no such bulk."""


class CannotChange(Exception):
    """The bulk is over, or a campaign still fills it."""

    def __init__(self, why: Why) -> None:
        super().__init__(why)
        self.why = why
