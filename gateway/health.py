"""Whether this process lives, whether the gateway can work, and its figures."""

import time
import urllib.error
import urllib.request
from collections.abc import Callable
from functools import lru_cache

import psycopg
import redis
from django.conf import settings
from django.db import DatabaseError, InterfaceError, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.http import require_safe

from messaging.states import MessageClass

SECONDS = 1.0
_NOT_READY = (DatabaseError, InterfaceError, psycopg.Error, redis.RedisError, OSError)


class NotReady(Exception):
    """One check failed; the text tells a person why."""


@require_safe
def livez(request: HttpRequest) -> HttpResponse:
    """Answer 200 as long as this process answers at all."""
    return HttpResponse("ok", content_type="text/plain")


@require_safe
def readyz(request: HttpRequest) -> HttpResponse:
    """Answer 200 when everything a message needs is up, else 503; the body names each check."""
    results = {name: _outcome(check) for name, check in CHECKS.items()}
    ready = all(result == "ok" for result in results.values())
    return JsonResponse({"ready": ready, "checks": results}, status=200 if ready else 503)


def _outcome(check: Callable[[], None]) -> str:
    try:
        check()
    except NotReady as error:
        return str(error)
    except _NOT_READY as error:
        if isinstance(error, DatabaseError | InterfaceError | psycopg.Error):
            connection.close()
        return type(error).__name__
    return "ok"


def _database() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")


_migrated_until = 0.0


def _migrations() -> None:
    """Reading the migration graph costs tens of milliseconds, so a good result holds for a minute."""
    global _migrated_until
    if time.monotonic() < _migrated_until:
        return
    executor = MigrationExecutor(connection)
    waiting = executor.migration_plan(executor.loader.graph.leaf_nodes())
    if waiting:
        raise NotReady(f"{len(waiting)} migrations are not applied")
    _migrated_until = time.monotonic() + 60


@lru_cache(maxsize=1)
def redis_client() -> "redis.Redis":
    """Return this process's connections to Redis for checks and figures."""
    return redis.Redis.from_url(settings.REDIS_URL, socket_timeout=SECONDS, socket_connect_timeout=SECONDS)


def _redis() -> None:
    redis_client().ping()


def _sandbox() -> None:
    if not settings.SANDBOX_URL:
        return
    try:
        with urllib.request.urlopen(f"{settings.SANDBOX_URL}/_/healthz", timeout=SECONDS) as answer:  # noqa: S310 ours
            if answer.status != 200:
                raise NotReady(f"it answers {answer.status}")
    except urllib.error.HTTPError as error:
        raise NotReady(f"it answers {error.code}") from error
    except urllib.error.URLError as error:
        raise NotReady("it does not answer") from error


def _dispatchers() -> None:
    """Each class needs a dispatcher that renewed its key in the last seconds."""
    missing = [
        name
        for name in (message_class.queue for message_class in MessageClass)
        if next(iter(redis_client().scan_iter(f"gateway:dispatcher:{name}:*", count=1000)), None) is None
    ]
    if missing:
        raise NotReady(f"no dispatcher for {', '.join(missing)}")


CHECKS: dict[str, Callable[[], None]] = {
    "database": _database,
    "migrations": _migrations,
    "redis": _redis,
    "sandbox": _sandbox,
    "dispatchers": _dispatchers,
}
