"""PostgreSQL and Valkey or Redis without installing them: real servers, run by the person who uses the gateway.

With `DATABASE_URL` and `REDIS_URL` set this package starts nothing; production sets both. No other room is imported.
"""

from .errors import EmbeddedServerError
from .servers import Servers, attach_or_start, ensure, repair, restart_postgres, stop

__all__ = ["EmbeddedServerError", "Servers", "attach_or_start", "ensure", "repair", "restart_postgres", "stop"]
