import io

import pytest
from django.db import connection
from django.test import Client

from messaging.models import Message
from tests import factories
from tests.gateway.api.conftest import Api


def test_bad_fields_are_told_as_problem_details(api, one):
    answer = api.post("/v1/messages", one(to="1", reference=5))
    assert answer.status_code == 422
    assert answer["Content-Type"] == "application/problem+json"
    problem = answer.json()
    assert problem["type"].endswith(":invalid-fields")
    assert problem["status"] == 422
    assert problem["errorCount"] == 2
    assert sorted(error["field"] for error in problem["errors"]) == ["messages[0].reference", "messages[0].to"]
    assert {"field", "code", "message"} == set(problem["errors"][0])


def test_broken_json_is_400_with_its_place(api):
    answer = api.post("/v1/messages", '{"messages": [')
    assert answer.status_code == 400
    assert "byte 14" in answer.json()["detail"]


def test_a_body_over_8_mib_is_413(api):
    answer = api.post("/v1/messages", b" " * (8 * 1024 * 1024 + 1))
    assert answer.status_code == 413
    assert answer.json()["status"] == 413


def test_a_body_that_is_too_large_is_read_to_its_end(tenant):
    # A server that answers and closes while the client still writes breaks the connection before the answer is read.
    body = io.BytesIO(b" " * (9 << 20))
    answer = Client().request(
        **{
            "REQUEST_METHOD": "POST",
            "PATH_INFO": "/v1/messages",
            "CONTENT_LENGTH": str(9 << 20),
            "HTTP_AUTHORIZATION": f"Bearer {factories.api_key(tenant).token}",
            "wsgi.input": body,
        }
    )
    assert answer.status_code == 413
    assert body.tell() == 9 << 20


def test_a_body_of_8_mib_is_read(api):
    assert api.post("/v1/messages", b" " * (8 * 1024 * 1024)).status_code == 400


def test_an_unknown_path_is_a_problem(api):
    answer = api.get("/v1/nothing/here")
    assert (answer.status_code, answer["Content-Type"]) == (404, "application/problem+json")


def test_another_method_is_a_problem(api):
    assert api.get("/v1/templates/sync").status_code in (404, 405)
    answer = api.post("/v1/me", {})
    assert (answer.status_code, answer["Content-Type"]) == (405, "application/problem+json")


@pytest.mark.parametrize("header", ["", "Bearer", "Bearer x", "Basic abc", "Bearer ngw_live_abc_def", "App \x7f"])
def test_what_is_no_key_is_401(db, header):
    assert Client().get("/v1/me", headers={"authorization": header}).status_code == 401


def test_the_app_scheme_is_taken_as_well(tenant):
    token = factories.api_key(tenant).token
    assert Client().get("/v1/me", headers={"authorization": f"App {token}"}).status_code == 200


def test_a_key_of_another_network_is_403(tenant):
    token = factories.api_key(tenant, allowed_networks=["203.0.113.0/24"]).token
    assert Api(token).get("/v1/me").status_code == 403


def test_a_limited_key_is_told_what_is_left_and_when_to_come_back(tenant):
    api = Api(factories.api_key(tenant, rate_limit=2).token)
    first = api.get("/v1/me")
    assert (first["RateLimit-Limit"], first["RateLimit-Remaining"]) == ("2", "1")
    assert api.get("/v1/me").status_code == 200
    third = api.get("/v1/me")
    assert third.status_code == 429
    assert 1 <= int(third["Retry-After"]) <= 30
    assert third["RateLimit-Remaining"] == "0"
    assert third["Content-Type"] == "application/problem+json"


def test_a_key_without_a_limit_has_no_such_headers(api):
    assert "RateLimit-Limit" not in api.get("/v1/me")


@pytest.mark.parametrize("key", ["", "x" * 256, "ä", "a b"])
def test_a_bad_idempotency_key_is_400(api, one, key):
    assert api.post("/v1/messages", one(), idempotency_key=key.encode("latin-1").decode("latin-1")).status_code == 400


def test_a_repeated_call_is_answered_alike_and_says_so(api, one):
    first = api.post("/v1/messages", one(), idempotency_key="k")
    again = api.post("/v1/messages", one(), idempotency_key="k")
    assert (first.status_code, again.status_code) == (202, 202)
    assert again.content == first.content
    assert again["Idempotent-Replayed"] == "true"
    assert "Idempotent-Replayed" not in first


def test_another_body_under_a_used_key_is_422(api, one):
    api.post("/v1/messages", one(), idempotency_key="k")
    answer = api.post("/v1/messages", one(reference="r"), idempotency_key="k")
    assert answer.status_code == 422
    assert answer.json()["type"].endswith(":idempotency-key-reused")


def test_a_test_key_sends_test_messages(tenant, one):
    Api(factories.api_key(tenant, mode="test").token).post("/v1/messages", one())
    assert Message.objects.get().test is True


def test_whatever_a_client_accepts_it_gets_json(api):
    assert api.get("/v1/me", accept="text/html").json()["tenant"]["slug"] == "bakery"


@pytest.mark.django_db(transaction=True)
def test_a_connection_that_died_is_replaced(one):
    tenant = factories.sending_tenant("resilient")
    api = Api(factories.api_key(tenant).token)
    assert api.post("/v1/messages", one()).status_code == 202
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        (pid,) = cursor.fetchone()
    other = connection.copy()
    with other.cursor() as cursor:
        cursor.execute("SELECT pg_terminate_backend(%s, 2000)", (pid,))
    other.close()
    answers = [api.post("/v1/messages", one()).status_code for _ in range(2)]
    assert answers[-1] == 202
    assert answers[0] in (202, 503)
    assert Message.objects.filter(tenant=tenant).count() == 1 + answers.count(202)
