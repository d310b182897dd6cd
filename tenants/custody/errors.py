class ReconnectNeeded(Exception):
    """Only a person can help: the official account has to be connected again. The text says why."""


class RefreshInProgress(Exception):
    """Another caller is renewing the tokens; look again after `retry_after` seconds."""

    def __init__(self, retry_after: float) -> None:
        super().__init__("another process is renewing the tokens")
        self.retry_after = retry_after


class RefreshFailed(Exception):
    """The tokens could not be renewed for a passing reason; they are kept. Try again after `retry_after` seconds."""

    def __init__(self, reason: str, retry_after: float) -> None:
        super().__init__(reason)
        self.retry_after = retry_after


class ConnectFailed(Exception):
    """Connecting did not succeed; the text tells the person what to do."""
