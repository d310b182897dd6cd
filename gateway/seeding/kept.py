"""Secrets that cannot be read back from their hashes, kept for the next run beside the other development secrets."""

from pathlib import Path

import msgspec

from gateway.embedded.folder import write_private


class Login(msgspec.Struct, kw_only=True):
    """A user's name and password in clear, with the hash as Django stored it, to see whether it still fits."""

    user: str
    password: str
    stored: str

    def __repr__(self) -> str:
        return f"<Login {self.user}>"


class Kept(msgspec.Struct, kw_only=True):
    """API tokens by key name and logins by user name."""

    tokens: dict[str, str] = {}
    logins: dict[str, Login] = {}

    def __repr__(self) -> str:
        return f"<Kept {len(self.tokens)} tokens, {len(self.logins)} logins>"


def read_kept(path: Path) -> Kept:
    """Return what an earlier run kept; nothing where the file is missing or cannot be read."""
    try:
        return msgspec.json.decode(path.read_bytes(), type=Kept)
    except (OSError, msgspec.DecodeError):
        return Kept()


def write_kept(path: Path, kept: Kept) -> None:
    """Replace the file, mode 0600."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    write_private(path, msgspec.json.encode(kept).decode())
