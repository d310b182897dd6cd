"""Loopback ports for the servers."""

import secrets
import socket

# Below the range from which systems take ports for outgoing connections: a port that is ours stays free while we sleep.
FIRST, LAST = 20000, 31999


def is_free(port: int) -> bool:
    """Whether a server could listen on 127.0.0.1:`port` now."""
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except (OSError, OverflowError):
            return False
        return True


def choose(remembered: int = 0) -> int:
    """The remembered port if it is free, else a free one. Between the choice and the server's own bind another
    process may take it: callers try again."""
    if remembered and is_free(remembered):
        return remembered
    for _ in range(200):
        port = FIRST + secrets.randbelow(LAST - FIRST + 1)
        if is_free(port):
            return port
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
