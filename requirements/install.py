"""Make `.venv` in the checkout and install the locked packages into it; run by make with the machine's own Python.

`python3 requirements/install.py STAMP` writes STAMP (a path inside .venv) as its last act. Needs nothing but the
standard library, writes nothing outside the checkout and the installer's own cache.
"""

import importlib.util
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
LOCKS = ("base.lock", "embedded.lock", "dev.lock")
OLDEST = (3, 11)


def say(line: str) -> None:
    sys.stderr.write(f"setup: {line}\n")


def has_pip(python: str) -> bool:
    asked = subprocess.run([python, "-m", "pip", "--version"], capture_output=True, timeout=60, check=False)
    return asked.returncode == 0


def make_venv() -> None:
    """Make the virtual environment with pip inside; where Debian ships Python without ensurepip, borrow its pip."""
    inside = str(VENV / "bin" / "python")
    if Path(inside).exists() and has_pip(inside):
        return
    say(f"making .venv with Python {sys.version.split()[0]}")
    if importlib.util.find_spec("ensurepip"):
        subprocess.run([sys.executable, "-m", "venv", str(VENV)], timeout=300, check=True)
    elif has_pip(sys.executable):
        subprocess.run([sys.executable, "-m", "venv", "--without-pip", str(VENV)], timeout=300, check=True)
        subprocess.run([sys.executable, "-m", "pip", "--python", inside, "install", "pip"], timeout=300, check=True)
    else:
        sys.exit("setup: this Python cannot make a virtual environment; run: sudo apt-get install -y python3-venv")


def install(stamp: Path) -> None:
    """Install every lock by its hashes. The stamp of an older set goes first, so that a broken run is done again."""
    for old in VENV.glob(".installed-*"):
        old.unlink()
    say("installing the locked packages (about 30 s with a warm cache)")
    command = [str(VENV / "bin" / "python"), "-m", "pip", "install", "--require-hashes", "--no-deps"]
    command += ["--disable-pip-version-check", "--no-input"]
    for lock in LOCKS:
        command += ["-r", str(ROOT / "requirements" / lock)]
    done = subprocess.run(command, cwd=ROOT, timeout=1800, check=False)
    if done.returncode:
        sys.exit("setup: the packages could not be installed; the lines above say why")
    stamp.touch()
    say("done")


if __name__ == "__main__":
    if sys.version_info < OLDEST:
        sys.exit(f"setup: Python 3.11 or later is needed, this is {sys.version.split()[0]}: make PYTHON=python3.11")
    make_venv()
    install(ROOT / sys.argv[1])
