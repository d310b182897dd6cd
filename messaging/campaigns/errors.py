"""What can be wrong with a campaign before anything of it is sent."""


class Unreadable(ValueError):
    """The file is no table of recipients; the text says why, without a value of it."""


class Conflict(ValueError):
    """The campaign's state does not allow it; the text says why."""
