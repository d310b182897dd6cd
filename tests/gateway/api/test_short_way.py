"""Sending takes a short way: what guards and names a call stays, what is made for browsers is left out."""

import json

from structlog.testing import capture_logs

from messaging.models import Message

BROWSERS = ("Content-Language", "X-Frame-Options")
GUARDS = ("X-Request-Id", "X-Content-Type-Options", "Referrer-Policy")


def test_sending_passes_by_what_is_for_browsers_and_keeps_what_guards(api, one):
    reply = api.post("/v1/messages", one())
    assert (reply.status_code, Message.objects.count()) == (202, 1)
    assert reply["Content-Length"] == str(len(reply.content))
    assert [name for name in BROWSERS if name in reply] == []
    assert [name for name in GUARDS if name in reply] == list(GUARDS)


def test_every_other_call_goes_the_whole_way(api, one):
    replies = [api.get("/v1/messages"), api.post("/v1/messages/preview", one()), api.put("/v1/messages", {})]
    assert [reply.status_code for reply in replies] == [200, 200, 405]
    assert all(name in reply for reply in replies for name in BROWSERS)


def test_a_refused_call_is_a_problem_with_the_callers_request_id(api):
    reply = api.post("/v1/messages", b"{", X_Request_Id="mine-1")
    assert (reply.status_code, reply["Content-Type"]) == (400, "application/problem+json")
    assert (reply["X-Request-Id"], json.loads(reply.content)["status"]) == ("mine-1", 400)


def test_the_log_line_is_that_of_every_call(api, one):
    with capture_logs() as lines:
        api.post("/v1/messages", one())
    told = [{name: line[name] for name in ("event", "method", "path", "status")} for line in lines if "method" in line]
    assert told == [{"event": "request", "method": "POST", "path": "/v1/messages", "status": 202}]
