"""The errors of this package."""


class StackError(Exception):
    """The stack cannot be brought up or has lost a process for good; `str(error)` is one line for a person."""


class StoppedEarlyError(StackError):
    """The stack was told to stop while it was coming up."""
