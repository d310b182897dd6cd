"""The short way answers webhooks by their view alone and leaves everything else to Django."""

import io
from typing import Any

import pytest
from django.test import RequestFactory
from structlog.testing import capture_logs

from gateway.hooks.lean import with_short_way


def call(path: str, method: str = "POST") -> tuple[str, dict[str, str], bytes]:
    told: list[Any] = []
    environ = RequestFactory().generic(method, path, b"{}", content_type="application/json").environ
    environ["wsgi.input"] = io.BytesIO(b"{}")
    body = b"".join(
        with_short_way(lambda _, start: [start("200 OK", []) or b"django"])(environ, lambda *said: told.extend(said))
    )
    return told[0], dict(told[1]), body


@pytest.mark.django_db
def test_an_unknown_webhook_is_404():
    status, headers, body = call("/hooks/zalo/unknown")
    assert (status, headers["Content-Length"], body) == ("404 Not Found", "0", b"")


def test_a_path_that_does_not_exist_under_hooks_is_404():
    assert call("/hooks/nobody")[0] == "404 Not Found"


def test_everything_else_goes_to_django():
    assert call("/v1/me", "GET") == ("200 OK", {}, b"django")


@pytest.mark.django_db(transaction=True)
def test_the_line_about_a_hook_that_failed_does_not_tell_its_secret_address():
    with capture_logs() as lines:
        status, _, _ = call("/hooks/zalo/s3cret%00")
    assert status == "503 Service Unavailable"
    assert [(line["event"], line["path"]) for line in lines] == [("hook.failed", "/hooks/zalo")]
