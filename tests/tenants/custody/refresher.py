"""A process that refreshes one official account from many threads at once, when it is told to on standard input."""

import json
import sys
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import django

django.setup()

from django.db import connection  # noqa: E402

from tenants.custody import RefreshInProgress, refresh  # noqa: E402


def main(official_account_id: int, stale: str, threads: int) -> None:
    """Print `ready`, wait for a line, then print what each thread got: a token, or null while another was at it."""
    start = Barrier(threads)

    def one(_: int) -> str | None:
        try:
            connection.ensure_connection()
            start.wait(20)
            return refresh(official_account_id, stale)
        except RefreshInProgress:
            return None
        finally:
            connection.close()

    sys.stdout.write("ready\n")
    sys.stdout.flush()
    sys.stdin.readline()
    with ThreadPoolExecutor(threads) as pool:
        sys.stdout.write(json.dumps(list(pool.map(one, range(threads)))) + "\n")


if __name__ == "__main__":
    main(int(sys.argv[1]), sys.argv[2], int(sys.argv[3]))
