import asyncio
from datetime import datetime, timedelta, timezone
from pathlib import Path

import pytest

from providers.sandbox.exchange import Answer, Request
from providers.sandbox.record import Filter, Record
from providers.sandbox.store import Store
from tests.providers.sandbox.running import BUSINESS, OA, RunningSandbox, eventually

VIETNAM = timezone(timedelta(hours=7))


def test_a_call_is_recorded_as_it_came_with_its_reply(sandbox: RunningSandbox) -> None:
    token = sandbox.accounts()["credentials"]["accessToken"]
    raw = '{"phone": "bad",  "note":"Nguyễn"}'
    headers = {"Access_Token": token, "X-Case": "Kept"}
    reply = sandbox.call("POST", f"/{BUSINESS}/message/template?a=1&b=%20", raw.encode(), headers)
    (call,) = sandbox.record()
    assert set(call) == {"at", "method", "host", "path", "query", "headers", "body", "reply"}
    assert (call["method"], call["host"]) == ("POST", BUSINESS)
    assert (call["path"], call["query"]) == ("/message/template", "a=1&b=%20")
    assert (call["headers"]["access_token"], call["headers"]["x-case"]) == (token, "Kept")
    assert call["body"] == raw
    assert call["reply"] == {"status": 200, "body": reply.body.decode()}
    at = datetime.fromisoformat(call["at"])
    assert call["at"] == at.strftime("%Y-%m-%dT%H:%M:%S.%fZ")
    assert abs(datetime.now(VIETNAM) - at) < timedelta(seconds=5)


def test_calls_are_listed_oldest_first_and_filtered_by_exact_host_and_path(sandbox: RunningSandbox) -> None:
    for path in (f"/{BUSINESS}/quality", f"/{OA}/v2.0/oa/getoa", f"/{BUSINESS}/message/quota", f"/{BUSINESS}/quality"):
        sandbox.call("GET", path)
    assert [call["path"] for call in sandbox.record()] == [
        "/quality",
        "/v2.0/oa/getoa",
        "/message/quota",
        "/quality",
    ]
    assert [call["path"] for call in sandbox.record(host=BUSINESS, path="/quality")] == ["/quality", "/quality"]
    assert sandbox.record(path="/quality/") == []
    count = sandbox.call("GET", f"/_/requests/count?host={BUSINESS}").json()
    assert count == {"count": 3}


def test_control_calls_are_not_recorded(sandbox: RunningSandbox) -> None:
    sandbox.accounts()
    assert sandbox.record() == []


def test_since_is_included_and_understood_in_any_zone(sandbox: RunningSandbox) -> None:
    for _ in range(3):
        sandbox.call("GET", f"/{BUSINESS}/quality")
    second = sandbox.record()[1]["at"]
    elsewhere = datetime.fromisoformat(second).astimezone(VIETNAM).isoformat()
    assert len(sandbox.record(since=second)) == 2
    assert len(sandbox.record(since=elsewhere)) == 2
    assert len(sandbox.call("GET", f"/_/requests?since={elsewhere}").json()) == 2
    assert len(sandbox.record(limit="1")) == 1


def test_more_calls_than_a_page_come_complete(sandbox: RunningSandbox) -> None:
    for number in range(501):
        sandbox.call("GET", f"/{BUSINESS}/quality?{number}")
    assert [call["query"] for call in sandbox.record()] == [str(number) for number in range(501)]
    assert len(sandbox.record(limit="500")) == 500
    assert len(sandbox.record(limit="501")) == 501


def test_a_bad_filter_names_its_field(sandbox: RunningSandbox) -> None:
    for query, field in (("since=yesterday", "since"), ("since=2026-11-21T10:00:00", "since"), ("limit=x", "limit")):
        reply = sandbox.call("GET", f"/_/requests?{query}")
        assert (reply.status, reply.json()["errors"][0]["field"]) == (400, field)


def test_deleting_empties_it(sandbox: RunningSandbox) -> None:
    sandbox.call("GET", f"/{BUSINESS}/quality")
    assert sandbox.call("DELETE", "/_/requests").status == 204
    assert sandbox.record() == []


def test_a_call_given_up_by_its_client_has_no_reply(sandbox: RunningSandbox) -> None:
    sandbox.call("POST", "/_/faults", {"host": BUSINESS, "fault": "delay", "delayMs": 60_000})
    with pytest.raises(TimeoutError):
        sandbox.call("GET", f"/{BUSINESS}/quality", wait=0.2)
    assert [call["reply"] for call in eventually(sandbox.record)] == [None]


async def fill(store: Store, count: int) -> int:
    await store.start()
    record = Record(store)
    for number in range(count):
        request = Request(
            id=record.next_id(),
            at=float(number),
            method="GET",
            host="h",
            path="/",
            query="",
            headers={},
            body=b"\xff",
        )
        record.note(request, Answer())
        if number % 1_000 == 999:
            await store.flush()
    kept = await record.count(Filter())
    await store.close()
    return kept


def test_the_record_is_bounded(tmp_path: Path) -> None:
    store = Store(tmp_path / "s.sqlite3", keep_requests=100, keep_messages=100)
    assert asyncio.run(fill(store, 6_000)) == 100
