"""The home folder: what lies where, what is remembered between runs, and whether it can be used at all."""

import json
import os
import secrets
import shutil
import tempfile
from dataclasses import asdict, dataclass, field
from pathlib import Path

from .errors import EmbeddedServerError

# PostgreSQL cuts paths at 1,024 bytes; the longest name below the home takes about a hundred.
LONGEST_HOME = 900
ROOM_FOR_NEW, ROOM_FOR_OLD = 128 << 20, 32 << 20


@dataclass
class Remembered:
    """Ports and passwords of a home, kept in `servers.json` with mode 0600."""

    postgres_port: int = 0
    redis_port: int = 0
    password: str = field(default_factory=lambda: secrets.token_urlsafe(24))


@dataclass(frozen=True)
class Folder:
    """The paths under one home (absolute)."""

    home: Path

    @property
    def postgres(self) -> Path:
        return self.home / "postgres"

    @property
    def redis(self) -> Path:
        return self.home / "redis"

    @property
    def postgres_log(self) -> Path:
        return self.home / "logs" / "postgres.log"

    @property
    def redis_log(self) -> Path:
        return self.home / "logs" / "redis.log"

    @property
    def _memory(self) -> Path:
        return self.home / "servers.json"

    def recall(self) -> Remembered:
        """What was remembered; fresh values for a new home. Raises EmbeddedServerError (78) if data is there whose
        password is lost."""
        try:
            return Remembered(**json.loads(self._memory.read_text()))
        except FileNotFoundError:
            if self.postgres.exists():
                raise EmbeddedServerError(
                    f"{self._memory} is missing, and with it the password of the data in {self.postgres}: "
                    "put it back, or move that folder away to begin anew",
                    os.EX_CONFIG,
                ) from None
            return Remembered()
        except (ValueError, TypeError) as error:
            raise EmbeddedServerError(f"{self._memory} cannot be read: {error}", os.EX_CONFIG) from error

    def remember(self, memory: Remembered) -> None:
        """Replaces `servers.json` in one step."""
        write_private(self._memory, json.dumps(asdict(memory)))

    def prepare(self) -> None:
        """Makes the home. Raises EmbeddedServerError: 78 path too long, 73 not writable or full."""
        if len(os.fsencode(self.home)) > LONGEST_HOME:
            raise EmbeddedServerError(
                f"the path of the data folder has {len(os.fsencode(self.home))} bytes, more than {LONGEST_HOME}: "
                f"set GATEWAY_HOME to a shorter one ({str(self.home)[:60]}...)",
                os.EX_CONFIG,
            )
        try:
            self.home.mkdir(mode=0o700, parents=True, exist_ok=True)
            (self.home / "logs").mkdir(mode=0o700, exist_ok=True)
            with tempfile.TemporaryFile(dir=self.home) as probe:
                probe.write(b"\0" * 4096)
                probe.flush()
        except OSError as error:
            raise EmbeddedServerError(
                f"the data folder {self.home} cannot be written ({error.strerror}): make room or set it right, or "
                "set GATEWAY_HOME to another folder",
                os.EX_CANTCREAT,
            ) from error
        needed = ROOM_FOR_OLD if self.postgres.exists() else ROOM_FOR_NEW
        if (free := shutil.disk_usage(self.home).free) < needed:
            raise EmbeddedServerError(
                f"the data folder {self.home} is full: {free >> 20} MiB are free and {needed >> 20} MiB are needed; "
                "make room, or set GATEWAY_HOME to another folder",
                os.EX_CANTCREAT,
            )


def write_private(path: Path, text: str) -> None:
    """Writes `path` with mode 0600 so that a reader sees the old or the new text, never a part."""
    draft = path.with_name(f"{path.name}.{secrets.token_hex(4)}")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    draft.replace(path)
