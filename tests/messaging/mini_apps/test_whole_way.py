"""From the request to Zalo's answer over sockets: what a Mini App's message comes to, each gate and each refusal."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest

from messaging.models import Due, Leg, NotificationCount, RecipientMark
from messaging.states import State
from providers.sandbox.mini_app.owners import FIRST
from tenants.models import Channel, Tenant
from tests.messaging.carriers import route
from tests.messaging.mini_apps.conftest import HOST, send
from tests.messaging.world import World
from tests.providers.sandbox.running import eventually

SEND = "/notification/template"
MAGIC = {"transient": "84900000005", "silent": "84900000006", "unknown": "84900000007", "withdrawn": "84900000008"}


@pytest.fixture(autouse=True)
def as_zalo(world: World, notified: Channel) -> None:
    """The sandbox keeps Zalo's own limits; promotions have no cap."""
    Tenant.objects.update(promotions_a_day=None, promotions_a_month=None)
    world.sandbox.settings(miniAppUserDaily=1)


def user() -> str:
    return str(uuid4().int)[:18]


def calls(world: World, *users: str) -> int:
    return len([one for one in world.sandbox.record(host=HOST, path=SEND) if one["headers"]["x-user-id"] in users])


def code(message_id: UUID) -> str:
    return Leg.objects.get(message_id=message_id, n=1).error_code


def test_a_notification_is_sent_once_and_that_is_its_end(world: World, dispatchers: Any) -> None:
    person = user()
    (message_id,) = send(world, {"miniAppUserId": person, "optedIn": True})
    assert world.ends(message_id) == [State.SENT]
    assert world.events(message_id) == [("sent", "")]
    assert calls(world, person) == 1
    (call,) = [one for one in world.sandbox.record(host=HOST) if one["headers"]["x-user-id"] == person]
    assert call["headers"]["x-miniapp-id"] == FIRST.mini_apps[0]


def test_each_gate_stops_its_message_before_a_call(world: World, dispatchers: Any) -> None:
    opted_out, gone, twice = user(), user(), user()
    refused, late, first, second = send(
        world,
        {"miniAppUserId": opted_out, "optedIn": False},
        {"miniAppUserId": gone, "lastVisit": "2025-01-01T00:00:00Z"},
        {"miniAppUserId": twice},
        {"miniAppUserId": twice},
    )
    assert world.ends(refused, late, first) == [State.REJECTED, State.REJECTED, State.SENT]
    assert eventually(lambda: world.events(second) == [("held", "PERSON_DAY")])
    assert (calls(world, opted_out, gone), calls(world, twice)) == (0, 1)


def test_zalos_own_night_is_a_refusal_that_is_remembered_until_a_visit(world: World, dispatchers: Any) -> None:
    world.sandbox.settings(miniAppHours=True, miniAppHour=23)
    person = user()
    (message_id,) = send(world, {"miniAppUserId": person})
    assert world.ends(message_id) == [State.REJECTED]
    assert code(message_id) == "-111"
    assert eventually(lambda: RecipientMark.objects.filter(code="-111").exists())
    world.sandbox.settings(miniAppHour=12)
    visit = (datetime.now(UTC) + timedelta(seconds=5)).isoformat()
    (again,) = send(world, {"miniAppUserId": person, "lastVisit": visit})
    assert world.ends(again) == [State.SENT]


@pytest.mark.parametrize(
    ("number", "state"),
    [(-100, State.REJECTED), (-101, State.REJECTED), (-110, State.REJECTED), (-111, State.REJECTED)],
)
def test_what_is_refused_for_good_ends_and_gives_its_place_back(
    world: World, dispatchers: Any, number: int, state: State
) -> None:
    person = user()
    fault = {"host": HOST, "fault": "error", "code": number, "message": "no", "to": person, "times": 1}
    world.sandbox.call("POST", "/_/faults", fault)
    (message_id,) = send(world, {"miniAppUserId": person})
    assert world.ends(message_id) == [state]
    assert (code(message_id), calls(world, person)) == (str(number), 1)
    assert set(NotificationCount.objects.values_list("count", flat=True)) == {0}


@pytest.mark.parametrize(("who", "number"), [("unknown", "-110"), ("withdrawn", "-111")])
def test_who_cannot_be_reached_is_remembered_and_not_tried_again(
    world: World, dispatchers: Any, who: str, number: str
) -> None:
    (message_id,) = send(world, {"miniAppUserId": MAGIC[who]})
    assert world.ends(message_id) == [State.REJECTED]
    assert eventually(lambda: RecipientMark.objects.filter(code=number, channel_kind="mini_app").exists())
    (again,) = send(world, {"miniAppUserId": MAGIC[who]})
    assert world.ends(again) == [State.REJECTED]
    assert world.events(again) == [("rejected", "RECIPIENT_REMEMBERED")]
    assert calls(world, MAGIC[who]) == 1


def test_zalos_own_quota_holds_the_message_until_the_next_day(world: World, dispatchers: Any) -> None:
    person = user()
    fault = {"host": HOST, "fault": "error", "code": -109, "message": "no", "to": person, "times": 1}
    world.sandbox.call("POST", "/_/faults", fault)
    (message_id,) = send(world, {"miniAppUserId": person})
    assert eventually(lambda: world.events(message_id) == [("held", "QUOTA")])
    assert Due.objects.get(message_id=message_id).due_at.hour == 17


@pytest.mark.parametrize("number", [-102, -104, -106, -108, -112, -113, -114])
def test_a_fault_of_the_settings_stops_the_channel_and_keeps_the_message(
    world: World, notified: Channel, dispatchers: Any, number: int
) -> None:
    person = user()
    fault = {"host": HOST, "fault": "error", "code": number, "message": "no", "to": person, "times": 1}
    world.sandbox.call("POST", "/_/faults", fault)
    (message_id,) = send(world, {"miniAppUserId": person})
    assert eventually(lambda: Channel.objects.get(pk=notified.pk).stop_code == str(number))
    assert world.events(message_id)[0] == ("held", "CONFIGURATION")
    assert world.state(message_id) is State.QUEUED


def test_a_passing_fault_is_tried_again_and_takes_one_place(world: World, dispatchers: Any) -> None:
    (message_id,) = send(world, {"miniAppUserId": MAGIC["transient"]})
    assert world.ends(message_id) == [State.SENT]
    assert calls(world, MAGIC["transient"]) == 2
    assert set(NotificationCount.objects.values_list("count", flat=True)) == {1}


@pytest.mark.parametrize("fault", ["reset", "html502", "empty"])
def test_a_lost_answer_is_unknown_never_sent_again_and_keeps_its_place(
    world: World, dispatchers: Any, fault: str
) -> None:
    person = user()
    world.sandbox.call("POST", "/_/faults", {"host": HOST, "fault": fault, "to": person, "times": 1})
    (message_id,) = send(world, {"miniAppUserId": person})
    assert eventually(lambda: world.state(message_id) is State.UNKNOWN)
    assert calls(world, person) == 1
    assert set(NotificationCount.objects.values_list("count", flat=True)) == {1}


def test_who_is_not_reached_gets_the_next_channel(world: World, notified: Channel, dispatchers: Any) -> None:
    route(world, notified, world.channel)
    (message_id,) = send(world, {"phone": "84987654321", "miniAppUserId": MAGIC["unknown"]})
    assert eventually(lambda: Leg.objects.filter(message_id=message_id).count() == 2)
    assert world.events(message_id)[0] == ("failover", "RECIPIENT")
