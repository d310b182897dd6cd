import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from django.test import Client

from gateway import health
from messaging.states import MessageClass


class _Healthy(BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200 if self.path == "/_/healthz" else 404)
        self.end_headers()

    def log_message(self, *_):
        pass


@pytest.fixture
def sandbox(settings):
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Healthy)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    settings.SANDBOX_URL = f"http://127.0.0.1:{server.server_port}"
    yield
    server.shutdown()


@pytest.fixture(autouse=True)
def own_redis(settings):
    """A database of Redis' own: dispatchers of other tests say that they are alive in the common one."""
    settings.REDIS_URL = settings.REDIS_URL.rsplit("/", 1)[0] + "/9"
    health.redis_client.cache_clear()
    yield
    health.redis_client.cache_clear()


@pytest.fixture
def dispatchers():
    keys = [f"gateway:dispatcher:{message_class.queue}:test:1" for message_class in MessageClass]
    for key in keys:
        health.redis_client().set(key, 1, ex=30)
    yield keys
    health.redis_client().delete(*keys)


def test_a_process_that_answers_lives():
    assert Client().get("/livez").status_code == 200


def test_all_up_is_ready(db, sandbox, dispatchers):
    answer = Client().get("/readyz")
    assert answer.json() == {"ready": True, "checks": dict.fromkeys(health.CHECKS, "ok")}
    assert answer.status_code == 200


def test_a_class_without_a_dispatcher_is_not_ready(db, sandbox, dispatchers):
    health.redis_client().delete(dispatchers[0])
    answer = Client().get("/readyz")
    assert answer.status_code == 503
    assert answer.json()["checks"]["dispatchers"] == "no dispatcher for otp"


def test_a_sandbox_that_does_not_answer_is_not_ready(db, settings, dispatchers):
    settings.SANDBOX_URL = "http://127.0.0.1:1"
    answer = Client().get("/readyz")
    assert answer.status_code == 503
    assert answer.json()["checks"]["sandbox"] == "it does not answer"


def test_figures_show_what_waits(db):
    shown = Client().get("/metrics").content.decode()
    assert 'gateway_up{part="database"} 1.0' in shown
    assert 'gateway_partitions_ahead_weeks{table="message"} 4.0' in shown
    assert 'gateway_queue_length{queue="otp"}' in shown
