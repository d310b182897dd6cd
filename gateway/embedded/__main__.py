"""`python -m gateway.embedded --home HOME [run COMMAND ... | stop]`: a command with both URLs in its environment."""

import argparse
import os
import subprocess
import sys
from pathlib import Path

from . import EmbeddedServerError, ensure, stop


def main() -> int:
    """Runs one subcommand; returns its exit code, or that of the EmbeddedServerError that stopped it."""
    parser = argparse.ArgumentParser(prog="python -m gateway.embedded", description=__doc__)
    parser.add_argument("--home", type=Path, default=Path(os.environ.get("GATEWAY_HOME", ".gateway")))
    commands = parser.add_subparsers(dest="what", required=True)
    run = commands.add_parser("run", help="run a command with DATABASE_URL and REDIS_URL set")
    run.add_argument("command", nargs=argparse.REMAINDER)
    commands.add_parser("stop", help="stop the servers, whoever uses them")
    given = parser.parse_args()
    try:
        if given.what == "stop":
            stop(given.home)
            return 0
        with ensure(given.home) as servers:
            urls = {"DATABASE_URL": servers.database_url, "REDIS_URL": servers.redis_url}
            command = given.command[1:] if given.command[:1] == ["--"] else given.command
            return subprocess.run(command, env={**os.environ, **urls}, check=False).returncode
    except EmbeddedServerError as error:
        sys.stderr.write(f"{error}\n")
        return error.exit_code


if __name__ == "__main__":
    sys.exit(main())
