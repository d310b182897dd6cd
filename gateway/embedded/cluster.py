"""The data folder of PostgreSQL: made once, and its version read before any program touches it."""

import os
import shutil
import subprocess
from pathlib import Path

from . import processes
from .account import Account
from .binaries import Binary
from .errors import EmbeddedServerError
from .folder import Folder, write_private

USER = "gateway"
INITDB_SECONDS = 120.0


def data_major(folder: Folder) -> int | None:
    """The major version that wrote the data folder, or None for a new one. Raises EmbeddedServerError (78)."""
    if not folder.postgres.exists():
        return None
    try:
        return int((folder.postgres / "PG_VERSION").read_text())
    except (OSError, ValueError):
        raise EmbeddedServerError(
            f"{folder.postgres} is no PostgreSQL data folder (PG_VERSION cannot be read): move it away", os.EX_CONFIG
        ) from None


def create(folder: Folder, superuser_password: str, binary: Binary, who: Account) -> None:
    """Makes the data folder. Raises EmbeddedServerError (73) with the last words of initdb."""
    # Made under another name and renamed when whole, so that a crash leaves no half cluster to trip over.
    draft, password = folder.home / "postgres.new", folder.home / "postgres.password"
    shutil.rmtree(draft, ignore_errors=True)
    draft.mkdir(mode=0o700)
    write_private(password, superuser_password)
    who.own(draft, password)
    base = [*who.prefix, str(binary.path / "initdb"), "-D", str(draft), "-U", USER, "--no-sync", "--encoding=UTF8"]
    base += ["--auth=scram-sha-256", f"--pwfile={password}", "--no-instructions"]
    try:
        for locale in _locales(binary):
            made = run([*base, *locale], who, INITDB_SECONDS)
            if made.returncode == 0:
                break
        else:
            reason = processes.telling(made.stderr.decode(errors="replace"))
            raise EmbeddedServerError(f"PostgreSQL's data folder could not be made: {reason}", os.EX_CANTCREAT)
        draft.rename(folder.postgres)
    finally:
        password.unlink(missing_ok=True)
        shutil.rmtree(draft, ignore_errors=True)


def _locales(binary: Binary) -> list[list[str]]:
    plain = [["--locale=C.UTF-8"], ["--locale=C"]]
    built_in = ["--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--locale=C"]
    return [built_in, *plain] if binary.major >= 17 else plain


def run(
    command: list[str], who: Account, seconds: float, log: int = subprocess.PIPE
) -> subprocess.CompletedProcess[bytes]:
    """Runs a program of PostgreSQL to its end; `log` is a descriptor for what it says, or PIPE.
    Raises EmbeddedServerError (75) if it takes too long, (69) if it cannot be run."""
    # A session of its own: a terminal's Ctrl-C is for the commands that use the server. No PG* variable may steer it.
    clean = {name: value for name, value in os.environ.items() if not name.startswith("PG")} | {"LC_ALL": "C"}
    try:
        return subprocess.run(
            command, stdin=subprocess.DEVNULL, stdout=log, stderr=log, env=clean, cwd="/", check=False,
            start_new_session=True, timeout=seconds, user=who.uid, group=who.uid,
            extra_groups=None if who.uid is None else [],
        )  # fmt: skip
    except subprocess.TimeoutExpired as error:
        raise EmbeddedServerError(f"{Path(command[-1]).name} took over {seconds:.0f} s", os.EX_TEMPFAIL) from error
    except OSError as error:
        raise EmbeddedServerError(f"PostgreSQL's programs do not run: {error}") from error
