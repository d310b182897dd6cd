"""As whom the server programs run. PostgreSQL refuses uid 0; the system is never altered for it."""

import functools
import os
import pwd
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

from .errors import EmbeddedServerError

NOBODY = 65534
TRY_SECONDS = 10.0
AS_NOBODY = ("unshare", "--user", f"--map-user={NOBODY}", f"--map-group={NOBODY}")


@dataclass(frozen=True)
class Account:
    """How to run a program: words before its command, and the real uid to change to (None: stay who we are)."""

    prefix: tuple[str, ...] = ()
    uid: int | None = None

    def own(self, *paths: Path) -> None:
        """Gives files and folders of ours, with all below them, to the account that will use them."""
        if self.uid is None:
            return
        for top in paths:
            for path in (top, *top.rglob("*")) if top.exists() else ():
                os.chown(path, self.uid, self.uid, follow_symlinks=False)

    def check_reach(self, *paths: Path) -> None:
        """Raises EmbeddedServerError (78) if the account may not pass through a folder above one of `paths`."""
        if self.uid is None:
            return
        for folder in (parent for path in paths for parent in path.resolve().parents):
            if folder.stat().st_mode & 0o001 == 0:
                raise EmbeddedServerError(
                    f"PostgreSQL cannot run as root and user namespaces are barred here; run as user nobody it cannot "
                    f"pass {folder}: use an ordinary user, or set GATEWAY_HOME to a folder that others may pass",
                    os.EX_CONFIG,
                )


@functools.cache
def account() -> Account:
    """The account for the servers: ourselves, else `nobody` of a user namespace of our own (files stay ours),
    else the real `nobody` with its own data folder."""
    is_root = os.geteuid() == 0
    if not is_root and _has_name():
        return Account()
    if _namespaces_work():
        return Account(prefix=AS_NOBODY)
    return Account(uid=NOBODY) if is_root else Account()


def _has_name() -> bool:
    # initdb asks for the name of its uid, which a container's arbitrary uid may lack.
    try:
        pwd.getpwuid(os.geteuid())
    except KeyError:
        return False
    return True


def _namespaces_work() -> bool:
    if os.environ.get("GATEWAY_NO_USERNS") or not shutil.which("unshare"):
        return False
    try:
        tried = subprocess.run([*AS_NOBODY, "true"], capture_output=True, timeout=TRY_SECONDS, check=False)
    except (OSError, subprocess.TimeoutExpired):
        return False
    return tried.returncode == 0
