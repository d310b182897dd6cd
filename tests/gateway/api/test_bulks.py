"""Bulks over the API: what is read adds up, changes hold, and what is over cannot be changed."""

from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec
import pytest

from messaging.dispatch.claiming import claim
from messaging.models import Bulk, Due, Lane, Message
from messaging.states import State
from tests.gateway.api.conftest import Api
from tests.messaging.clock import at

WINDOW = {"days": ["MONDAY"], "from": {"hour": 8, "minute": 0}, "to": {"hour": 9, "minute": 30}}
SECOND = timedelta(seconds=1)


@pytest.fixture
def send(api: Api, one):
    """Send messages in one call and return the bulk's path."""

    def sending(count: int = 1, **options: Any) -> str:
        answer = api.post("/v1/messages", {"messages": one()["messages"] * count, "options": options})
        assert answer.status_code == 202, answer.content
        return f"/v1/bulks/{answer.json()['bulkId']}"

    return sending


def lane() -> Lane:
    """Return the lane in which the messages wait."""
    return Lane.objects.get(pk=Due.objects.values_list("lane_id", flat=True).distinct().get())


def test_a_bulk_shows_what_was_asked_for(api, send):
    with at("2026-11-29 12:00:00+00"):  # a Sunday
        path = send(
            3,
            deliveryTimeWindow=WINDOW,
            sendingSpeedLimit={"amount": 60, "timeUnit": "HOUR"},
            haltOn={"failures": 10, "percent": 25},
        )
        shown = api.get(path).json()
    created = msgspec.convert(shown.pop("createdAt"), datetime)
    assert created.date().isoformat() == "2026-11-29"
    assert shown == {
        "bulkId": path.rsplit("/", 1)[1],
        "state": "PROCESSING",
        "reason": None,
        "reasonDetail": None,
        "total": 3,
        "sendAt": None,
        "deliveryTimeWindow": WINDOW,
        "sendingSpeedLimit": {"amount": 60, "timeUnit": "HOUR"},
        "haltOn": {"failures": 10, "percent": 25},
        "byState": {"queued": 3},
        "etaAt": "2026-11-30T08:02:01.200000Z",
    }


@pytest.mark.parametrize("options", [{}, {"haltOn": {"failures": 5}}], ids=["read", "counted"])
def test_what_is_under_way_is_sending_and_all_adds_up(api, send, options):
    path = send(5, **options)
    claim(lane().pk, 2, SECOND)
    assert api.get(path).json()["byState"] == {"queued": 3, "sending": 2}


@pytest.mark.parametrize("options", [{}, {"haltOn": {"failures": 5}}], ids=["read", "counted"])
def test_a_message_cancelled_by_itself_is_counted(api, send, options):
    path = send(3, **options)
    api.post(f"/v1/messages/{Message.objects.order_by('id')[0].pk.hex}/cancel")
    assert api.get(path).json()["byState"] == {"queued": 2, "cancelled": 1}


def test_pages_hold_every_bulk_once_newest_first(api, send, other_api, one):
    made = [send() for _ in range(5)]
    other_api.post("/v1/messages", one())
    found, path = [], "/v1/bulks?limit=2"
    while path:
        page = api.get(path).json()
        found += [f"/v1/bulks/{bulk['bulkId']}" for bulk in page["bulks"]]
        path = page["next"]
    assert found == sorted(made, reverse=True)


@pytest.mark.parametrize("query", ["limit=0", "after=x", "state=PAUSED"])
def test_an_unknown_or_broken_parameter_is_refused(api, query):
    answer = api.get(f"/v1/bulks?{query}")
    assert (answer.status_code, answer.json()["errors"][0]["field"]) == (422, query.split("=")[0])


def test_send_at_moves_what_waits_and_its_validity(api, send):
    validity = {"amount": 2, "timeUnit": "HOURS"}
    path = send(2, validityPeriod=validity)
    answer = api.put(path, {"sendAt": "2027-01-15T09:00:00+07:00"})
    assert (answer.status_code, answer.json()["sendAt"]) == (200, "2027-01-15T02:00:00Z")
    start = datetime(2027, 1, 15, 2, tzinfo=UTC)
    assert set(Due.objects.values_list("due_at", "expires_at")) == {(start, start + timedelta(hours=2))}
    assert set(Message.objects.values_list("send_at", "expires_at")) == {(start, start + timedelta(hours=2))}


def test_a_send_at_taken_away_lets_the_bulk_go_now(api, send):
    path = send(2, sendAt="2027-01-15T09:00:00+07:00", haltOn={"failures": 5})
    assert api.put(path, {"sendAt": None}).json()["sendAt"] is None
    found = claim(lane().pk, 10, SECOND)
    assert found is not None
    assert len(found.messages) == 2


def test_an_absent_field_stays_and_null_clears(api, send):
    with at("2026-11-29 12:00:00+00"):
        path = send(2, deliveryTimeWindow=WINDOW, sendingSpeedLimit={"amount": 10})
        assert api.put(path, {"sendingSpeedLimit": None}).json()["deliveryTimeWindow"] == WINDOW
        shown = api.put(path, {"deliveryTimeWindow": None}).json()
    assert (shown["deliveryTimeWindow"], shown["sendingSpeedLimit"]) == (None, None)


def test_a_bulk_among_others_gets_its_own_lane_with_its_own_clock(api, send):
    other, path = send(2), send(3)
    claim(lane().pk, 1, SECOND)
    assert api.put(path, {"sendingSpeedLimit": {"amount": 5, "timeUnit": "HOUR"}}).status_code == 200
    own = Lane.objects.get(bulk_id=path.rsplit("/", 1)[1])
    assert Due.objects.filter(lane_id=own.pk).count() == 3
    assert Due.objects.exclude(lane_id=own.pk).count() == 2
    found = claim(own.pk, 10, SECOND)
    assert found is not None
    assert len(found.messages) == 1
    assert api.get(other).json()["byState"] == {"queued": 1, "sending": 1}


def test_a_change_ends_the_hold_of_the_lane(api, send):
    with at("2026-11-29 12:00:00+00"):
        path = send(2, deliveryTimeWindow=WINDOW)
        assert claim(lane().pk, 10, SECOND) is None
        assert lane().hold_reason == "DELIVERY_TIME_WINDOW"
        api.put(path, {"deliveryTimeWindow": None})
        found = claim(lane().pk, 10, SECOND)
    assert found is not None
    assert (len(found.messages), lane().hold_reason) == (2, "")


@pytest.mark.parametrize(
    ("change", "field", "code"),
    [
        ({"deliveryTimeWindow": {"from": {"hour": 9}, "to": {"hour": 9}}}, "deliveryTimeWindow", "empty"),
        ({"sendingSpeedLimit": {"amount": 0}}, "sendingSpeedLimit.amount", "out_of_range"),
        ({"sendAt": "tomorrow"}, "sendAt", "invalid"),
        ({"sendAt": "2020-01-01T00:00:00Z"}, "sendAt", "in_the_past"),
        ({"route": "x"}, "route", "unknown"),
        ({"deliveryTimeWindow": WINDOW}, "deliveryTimeWindow", "cannot_be_met"),
        ({"sendingSpeedLimit": {"amount": 1, "timeUnit": "DAY"}}, "sendingSpeedLimit", "cannot_be_met"),
    ],
)
def test_a_change_that_is_none_is_refused_and_changes_nothing(api, send, change, field, code):
    with at("2026-11-25 12:00:00+00"):  # a Wednesday
        path = send(5)
        answer = api.put(path, change)
        assert answer.status_code == 422
        assert [(error["field"], error["code"]) for error in answer.json()["errors"]] == [(field, code)]
        row = Bulk.objects.get()
    assert (row.window, row.speed_amount, row.send_at) == (None, None, None)


def test_a_paused_bulk_waits_until_it_goes_on(api, send):
    path = send(2)
    assert api.put(f"{path}/status", {"status": "PAUSED"}).json()["state"] == "PAUSED"
    assert claim(lane().pk, 10, SECOND) is None
    assert lane().hold_reason == "BULK_PAUSED"
    assert api.put(f"{path}/status", {"status": "PAUSED"}).status_code == 200
    assert api.put(f"{path}/status", {"status": "PROCESSING"}).json()["state"] == "PROCESSING"
    found = claim(lane().pk, 10, SECOND)
    assert found is not None
    assert len(found.messages) == 2


def test_a_cancelled_bulk_takes_back_what_has_not_left(api, send):
    path = send(5)
    claim(lane().pk, 2, SECOND)
    shown = api.put(f"{path}/status", {"status": "CANCELED"}).json()
    assert (shown["state"], shown["byState"]) == ("CANCELED", {"sending": 2, "cancelled": 3})
    assert Message.objects.filter(state=State.CANCELLED, reason="CANCELLED", ended_at=None).count() == 0
    events = api.get(f"/v1/messages/{Message.objects.filter(state=State.CANCELLED)[0].pk.hex}").json()["events"]
    assert events[-1]["type"] == "cancelled"


@pytest.mark.parametrize("body", [{"status": "PROCESSING"}, {"status": "PAUSED"}])
def test_a_cancelled_bulk_cannot_be_changed(api, send, body):
    path = send()
    api.put(f"{path}/status", {"status": "CANCELED"})
    assert api.put(f"{path}/status", {"status": "CANCELED"}).status_code == 200
    answer = api.put(f"{path}/status", body)
    assert (answer.status_code, answer.json()["type"].rsplit(":", 1)[1]) == (409, "already-canceled")
    assert api.put(path, {"sendAt": None}).status_code == 409


def test_a_finished_bulk_cannot_be_changed(api, send):
    path = send()
    api.post(f"/v1/messages/{Message.objects.get().pk.hex}/cancel")
    assert api.get(path).json()["state"] == "FINISHED"
    answer = api.put(f"{path}/status", {"status": "PAUSED"})
    assert (answer.status_code, answer.json()["type"].rsplit(":", 1)[1]) == (409, "already-finished")


@pytest.mark.parametrize("body", [{}, {"status": "FINISHED"}, {"status": None}, {"state": "PAUSED"}, []])
def test_another_status_is_refused(api, send, body):
    assert api.put(f"{send()}/status", body).status_code == 422


@pytest.mark.parametrize("text", ["x", "0" * 32, "not-a-uuid-of-thirty-six-characters!"])
def test_an_unknown_bulk_is_not_found(api, text):
    assert api.get(f"/v1/bulks/{text}").status_code == 404
    assert api.put(f"/v1/bulks/{text}", {}).status_code == 404
    assert api.put(f"/v1/bulks/{text}/status", {"status": "PAUSED"}).status_code == 404
