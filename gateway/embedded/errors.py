"""The one error of this package: a sentence for a person and the exit code of the command that met it."""

import os


class EmbeddedServerError(Exception):
    """An embedded server cannot be started, reached or stopped.

    `str(error)` is one line that says what is wrong and what to do; `exit_code` follows sysexits(3): 69 a program is
    missing or did not start, 73 the data folder cannot be written, 75 a wait ran out, 78 the set-up does not fit.
    """

    def __init__(self, message: str, exit_code: int = os.EX_UNAVAILABLE) -> None:
        super().__init__(" ".join(message.split()))
        self.exit_code = exit_code
