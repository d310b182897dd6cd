"""Structured logs: one line an event on standard error, with the request's id, without phone numbers and secrets."""

import logging
import re
import sys
import time
import uuid
from collections.abc import Callable, MutableMapping
from typing import Any

import structlog
from django.http import HttpRequest, HttpResponse

REDACTED = "[redacted]"
SECRET_KEYS = frozenset(
    [
        "access_token",
        "api_key",
        "app_secret",
        "appsecret_proof",
        "authorization",
        "callback_data",
        "content",
        "cookie",
        "journey_token",
        "mac",
        "oa_secret_key",
        "password",
        "phone",
        "recipient",
        "refresh_token",
        "secret",
        "secret_key",
        "template_data",
        "templatedata",
        "to",
        "token",
        "values",
        "verifier",
        "x-zevent-signature",
    ]
)
# A Vietnamese mobile number in any writing, or any other number with its plus; ids made of letters and digits are not.
_PHONE = re.compile(r"(?<![0-9A-Za-z])(?:(?:\+|%2[Bb])?84|0)[35789]\d{8}(?![0-9A-Za-z])|(?:\+|%2[Bb])\d{8,15}(?!\d)")
_REQUEST_ID = re.compile(r"[A-Za-z0-9._:\-]{1,128}")
# Asked every few seconds, or thousands of times a second; what goes wrong with them is logged all the same.
_QUIET = ("/livez", "/readyz", "/metrics", "/static/", "/hooks/")
_DEPTH = 6
log = structlog.get_logger("gateway.request")

Event = MutableMapping[str, Any]


def redact(_: Any, __: str, event: Event) -> Event:
    """Take secrets out by key and phone numbers out of every text of a log line (a structlog processor)."""
    for key, value in event.items():
        event[key] = REDACTED if key.lower() in SECRET_KEYS else _clean(value, _DEPTH)
    return event


def _clean(value: Any, depth: int) -> Any:
    if isinstance(value, str):
        return _PHONE.sub(_mask, value)
    if isinstance(value, bytes | memoryview):
        return f"<{len(value)} bytes>"
    if depth and isinstance(value, dict):
        return {
            str(key): REDACTED if str(key).lower() in SECRET_KEYS else _clean(item, depth - 1)
            for key, item in value.items()
        }
    if depth and isinstance(value, list | tuple | set | frozenset):
        return [_clean(item, depth - 1) for item in value]
    if isinstance(value, bool | float) or value is None:
        return value
    if isinstance(value, int):
        return REDACTED if _PHONE.fullmatch(str(value)) else value
    return _PHONE.sub(_mask, str(value))


def _mask(match: re.Match[str]) -> str:
    return f"{match[0][:4]}***{match[0][-3:]}"


class _StandardError:
    """Writes lines to whatever standard error is at that moment."""

    def msg(self, line: str) -> None:
        """Write one line."""
        sys.stderr.write(line + "\n")

    debug = info = warning = error = critical = exception = fatal = log = warn = msg


def configure(style: str, level: str = "INFO") -> None:
    """Set up structlog and the standard library's logging; `style` is json or console."""
    shared: list[Any] = [
        structlog.contextvars.merge_contextvars,
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True, key="at"),
        structlog.processors.StackInfoRenderer(),
        # Plain tracebacks: richer ones print local variables, and those hold recipients.
        structlog.processors.format_exc_info,
        redact,
    ]
    json = style == "json"
    plain = structlog.dev.plain_traceback
    colors = sys.stderr.isatty()
    renderer: Any = (
        structlog.processors.JSONRenderer(ensure_ascii=False)
        if json
        else structlog.dev.ConsoleRenderer(colors=colors, exception_formatter=plain)
    )
    number = logging.getLevelNamesMapping()[level.upper()]
    structlog.configure(
        processors=[*shared, renderer],
        wrapper_class=structlog.make_filtering_bound_logger(number),
        logger_factory=lambda *_: _StandardError(),
        cache_logger_on_first_use=True,
    )
    _standard_library(shared, renderer, number)


def _standard_library(shared: list[Any], renderer: Any, level: int) -> None:
    handler = logging.StreamHandler()
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=[structlog.stdlib.add_logger_name, *shared],
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, renderer],
        )
    )
    root = logging.getLogger()
    root.handlers = [*[old for old in root.handlers if not _is_ours(old)], handler]
    root.setLevel(level)
    # Django's line for each 4xx repeats ours, without the tenant.
    logging.getLogger("django.request").setLevel(logging.ERROR)
    # A line for each bell says nothing that the timelines do not.
    for chatty in ("celery.worker.strategy", "celery.app.trace"):
        logging.getLogger(chatty).setLevel(max(level, logging.WARNING))


def _is_ours(handler: logging.Handler) -> bool:
    return isinstance(handler.formatter, structlog.stdlib.ProcessorFormatter)


class RequestIdMiddleware:
    """Gives each request an id (the caller's `X-Request-Id` where sane), in every log line and the answer."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer the request and log one line about it."""
        given = request.headers.get("X-Request-Id", "")
        request_id = given if _REQUEST_ID.fullmatch(given) else uuid.uuid4().hex
        structlog.contextvars.clear_contextvars()
        structlog.contextvars.bind_contextvars(request_id=request_id)
        start = time.perf_counter()
        response = self._get_response(request)
        response["X-Request-Id"] = request_id
        if not request.path.startswith(_QUIET):
            elapsed = round((time.perf_counter() - start) * 1000, 1)
            log.info("request", method=request.method, path=request.path, status=response.status_code, ms=elapsed)
        return response
