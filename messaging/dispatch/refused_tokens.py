"""A refused key or token of which nothing can be renewed is a fault of the channel's settings."""

from msgspec.structs import replace

from providers.contract import ErrorClass, ErrorRow, Retry


def as_configuration(error: ErrorRow) -> ErrorRow:
    """Return a token error as what stops its channel until a person acts; any other error as it is."""
    if error.error_class is not ErrorClass.TOKEN:
        return error
    return replace(error, error_class=ErrorClass.CONFIGURATION, retry=Retry.NEVER, tries=0)
