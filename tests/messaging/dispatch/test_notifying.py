"""The gates of Mini App notifications in the claim: facts about persons, a day's counts, hours."""

import json
import threading
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from django.db import connection

from messaging.dispatch.claiming import App, Claim, claim
from messaging.dispatch.decide import Rules
from messaging.dispatch.look import look_at
from messaging.dispatch.settle import Result, settle
from messaging.ids import leg_id
from messaging.intake.accept import accept
from messaging.models import Due, Lane, LaneHold, Leg, Message, NotificationCount, RecipientMark, TimelineEvent
from messaging.recipients.marks import hash_of
from messaging.states import State
from providers.contract import Outcome, Verdict
from providers.mini_app.errors import row_for
from providers.mini_app.gates import MOST_AN_APP
from tenants.models import Channel, RouteStep, Tenant
from tests.messaging.carriers import add_mini_app, route
from tests.messaging.clock import at, moved
from tests.messaging.world import World

USER, OTHER = "5600000000000000078", "5600000000000000079"
LEASE = timedelta(seconds=30)
RULES = Rules(deadline=timedelta(minutes=5), unknown_wait=timedelta(seconds=20), receipts=False)
APP = App("7100000000000002003")
LONG = {"amount": 48, "timeUnit": "HOURS"}


@pytest.fixture
def notified(world: World) -> Channel:
    """The world's tenant notifies by a Mini App; promotions have no cap."""
    Tenant.objects.update(promotions_a_day=None, promotions_a_month=None)
    channel = add_mini_app(world)
    route(world, channel)
    return channel


def send(world: World, *users: str | dict[str, Any], template: str = "order", **facts: Any) -> list[UUID]:
    data = {"otp": "123456"} if template == "otp" else dict.fromkeys(world.order_params, "1")
    persons = [user if isinstance(user, dict) else {"miniAppUserId": user, **facts} for user in users]
    messages = [{"to": person, "templateId": template, "templateData": data} for person in persons]
    body = json.dumps({"messages": messages, "options": {"validityPeriod": LONG}}).encode()
    accepted = accept(world.tenant.pk, body, test=False)
    return list(Message.objects.filter(bulk_id=accepted.bulk_id).order_by("id").values_list("id", flat=True))


def take(channel: Channel, app: App = APP, limit: int = 100) -> list[UUID]:
    """Claim from the channel's lane; return the messages taken."""
    found = look(channel, app, limit)
    return sorted(one.message_id for one in found.messages) if found else []


def look(channel: Channel, app: App = APP, limit: int = 100) -> Claim | None:
    lane = Lane.objects.get(channel=channel, bulk=None)
    Lane.objects.filter(pk=lane.pk).update(next_at=datetime(2020, 1, 1, tzinfo=UTC))
    return claim(lane.pk, limit, LEASE, app)


def ago(**by: int) -> str:
    return (datetime.now(UTC) - timedelta(**by)).isoformat()


def counted(person: str = "", world: World | None = None) -> int:
    hashed = hash_of(world.tenant.pk, f"mini:{person}") if world else b""
    row = NotificationCount.objects.filter(person=hashed).first()
    return row.count if row else 0


def outcome(found: Claim, **what: Any) -> None:
    """Settle every message of the claim with this outcome."""
    results = [
        Result(one, found.channel_id, Outcome(leg_id=leg_id(one.message_id, one.leg), **what), RULES)
        for one in found.messages
    ]
    assert settle(results) == len(results)


@pytest.mark.parametrize(
    ("facts", "reason", "code"),
    [
        ({"optedIn": False}, "NO_OPT_IN", "gate-opt-in"),
        ({"lastVisit": "2025-01-01T00:00:00Z"}, "NO_VISIT", "gate-visit"),
    ],
)
def test_a_person_who_must_not_be_notified_is_not(
    world: World, notified: Channel, facts: dict[str, Any], reason: str, code: str
) -> None:
    (message_id,) = send(world, USER, **facts)
    assert take(notified) == []
    assert (world.state(message_id), world.events(message_id)) == (State.REJECTED, [("rejected", reason)])
    assert TimelineEvent.objects.get(message_id=message_id).detail["code"] == code
    assert counted() == 0


@pytest.mark.parametrize("facts", [{}, {"optedIn": True}, {"optedIn": True, "lastVisit": ago(days=6)}])
def test_a_person_against_whom_nothing_speaks_is_notified(
    world: World, notified: Channel, facts: dict[str, Any]
) -> None:
    ids = send(world, USER, **facts)
    assert take(notified) == ids


def test_a_visit_too_old_at_its_turn_stops_a_message_that_was_good_when_accepted(
    world: World, notified: Channel
) -> None:
    (message_id,) = send(world, USER, lastVisit=ago(days=6, hours=1))
    with moved(timedelta(hours=24)):
        assert take(notified) == []
    assert world.events(message_id) == [("rejected", "NO_VISIT")]


def test_an_account_may_require_the_facts(world: World, notified: Channel) -> None:
    lacking, whole = send(world, {"miniAppUserId": USER}, {"miniAppUserId": OTHER, "optedIn": True, "lastVisit": ago()})
    assert take(notified, App("1", facts_required=True)) == [whole]
    assert world.events(lacking) == [("rejected", "FACTS_LACKING")]


def test_facts_are_kept_until_newer_ones_are_told(world: World, notified: Channel) -> None:
    (first,) = send(world, USER, optedIn=True, lastVisit=ago(days=1))
    (second,) = send(world, OTHER)
    assert take(notified, App("1", facts_required=True)) == [first]
    (third,) = send(world, USER, optedIn=False)
    take(notified)
    assert world.events(third) == [("rejected", "NO_OPT_IN")]
    assert world.events(second) == [("rejected", "FACTS_LACKING")]


def test_a_refused_fact_goes_on_where_the_route_does(world: World, notified: Channel) -> None:
    route(world, notified, world.channel)
    (message_id,) = send(world, {"phone": "0987654321", "miniAppUserId": USER, "optedIn": False})
    assert take(notified) == []
    assert world.events(message_id) == [("failover", "NO_OPT_IN")]
    assert Due.objects.get(message_id=message_id).leg == 2


def test_a_person_has_one_notification_a_day_and_the_next_waits_for_midnight(world: World, notified: Channel) -> None:
    first, second, third = send(world, USER, USER, OTHER)
    assert take(notified) == [first, third]
    assert world.events(second) == [("held", "PERSON_DAY")]
    due = Due.objects.get(message_id=second)
    assert (due.due_at.hour, due.due_at.minute, due.phase) == (17, 0, 0)
    assert (counted(), counted(USER, world), counted(OTHER, world)) == (2, 1, 1)
    with moved(timedelta(days=1)):
        assert take(notified) == [second]


def test_the_second_of_the_day_takes_the_next_channel_unless_it_is_a_promotion(world: World, notified: Channel) -> None:
    route(world, notified, world.channel)
    named = {"phone": "0987654321", "miniAppUserId": USER}
    _, second = send(world, named, named)
    take(notified)
    assert world.events(second) == [("failover", "PERSON_DAY")]


def test_what_was_refused_or_not_sent_gives_its_place_back(world: World, notified: Channel) -> None:
    (first,) = send(world, USER)
    found = look(notified)
    assert found is not None
    assert (counted(), counted(USER, world)) == (1, 1)
    outcome(found, verdict=Verdict.REFUSED, error=row_for(-101))
    assert (counted(), counted(USER, world)) == (0, 0)
    (second,) = send(world, USER)
    found = look(notified)
    assert found is not None
    assert [one.message_id for one in found.messages] == [second]
    outcome(found, verdict=Verdict.NOT_SENT)
    assert (counted(), counted(USER, world)) == (0, 0)
    assert world.state(first) is State.REJECTED


@pytest.mark.parametrize("verdict", [Verdict.ACCEPTED, Verdict.UNKNOWN])
def test_what_may_have_arrived_keeps_its_place(world: World, notified: Channel, verdict: Verdict) -> None:
    send(world, USER)
    found = look(notified)
    assert found is not None
    outcome(found, verdict=verdict)
    assert (counted(), counted(USER, world)) == (1, 1)


def test_an_app_that_has_had_its_day_holds_its_lane_until_midnight(world: World, notified: Channel) -> None:
    ids = send(world, *(str(5600000000000000100 + n) for n in range(3)))
    assert take(notified, limit=1) == ids[:1]
    NotificationCount.objects.filter(person=b"").update(count=MOST_AN_APP - 1)
    assert take(notified) == ids[1:2]
    assert take(notified) == []
    hold = LaneHold.objects.get(lane__channel=notified, ended_at=None)
    assert (hold.reason, hold.until.hour if hold.until else 0) == ("APP_DAY", 17)
    assert counted() == MOST_AN_APP
    with moved(timedelta(days=1)):
        assert take(notified) == ids[2:]


def test_an_app_that_has_had_its_day_is_left_by_steps_that_say_so(world: World, notified: Channel) -> None:
    made = route(world, notified, world.channel)
    RouteStep.objects.filter(route=made, position=1).update(when_out_of_quota=RouteStep.Choice.GO_ON)
    first, second = send(world, *({"phone": "0987654321", "miniAppUserId": user} for user in (USER, OTHER)))
    assert take(notified, limit=1) == [first]
    NotificationCount.objects.filter(person=b"").update(count=MOST_AN_APP)
    take(notified)
    assert world.events(second) == [("failover", "APP_DAY")]


def test_many_workers_never_send_one_too_many(world: World, notified: Channel) -> None:
    people = [str(5600000000000000200 + n % 10) for n in range(40)]
    send(world, *people)
    send(world, USER)
    take(notified, limit=1)
    NotificationCount.objects.filter(person=b"").update(count=MOST_AN_APP - 5)
    taken: list[UUID] = []
    lane = Lane.objects.get(channel=notified, bulk=None)
    start = threading.Barrier(6)

    def work() -> None:
        start.wait(10)
        for _ in range(4):
            found = claim(lane.pk, 3, LEASE, APP)
            taken.extend(one.message_id for one in (found.messages if found else ()))
        connection.close()

    workers = [threading.Thread(target=work) for _ in range(6)]
    for one in workers:
        one.start()
    for one in workers:
        one.join(30)
    assert (len(taken), len(set(taken)), counted()) == (5, 5, MOST_AN_APP)
    assert max(NotificationCount.objects.exclude(person=b"").values_list("count", flat=True)) == 1


def test_tenants_with_the_same_zalo_app_id_share_no_count(world: World, notified: Channel) -> None:
    send(world, USER)
    assert len(take(notified)) == 1
    assert NotificationCount.objects.get(person=b"").app == f"{world.tenant.pk}:{APP.id}"


@pytest.mark.parametrize(("hour", "open_"), [("05:59", False), ("06:00", True), ("21:59", True), ("22:00", False)])
@pytest.mark.parametrize("template", ["order", "otp"])
def test_notifications_of_every_class_keep_the_hours(
    world: World, notified: Channel, hour: str, open_: bool, template: str
) -> None:
    Channel.objects.filter(pk=notified.pk).update(night_rules=True)
    with at(f"2026-12-01 {hour}:05+07"):
        send(world, USER, template=template)
        assert len(take(notified)) == int(open_)
        holds = list(LaneHold.objects.filter(lane__channel=notified).values_list("reason", flat=True))
        assert holds == ([] if open_ else ["PROVIDER_NIGHT"])


def test_a_channel_whose_night_rules_are_off_notifies_at_any_hour(world: World, notified: Channel) -> None:
    with at("2026-12-01 03:00+07"):
        send(world, USER)
        assert len(take(notified)) == 1


def test_a_memory_of_the_user_stops_messages_that_name_a_phone_too_until_a_visit(
    world: World, notified: Channel
) -> None:
    named = {"phone": "0987654321", "miniAppUserId": USER}
    send(world, named)
    found = look(notified)
    assert found is not None
    RecipientMark.objects.create(
        tenant=world.tenant, recipient_hash=hash_of(world.tenant.pk, f"mini:{USER}"), recipient=b"", data_key_id=0,
        kind="memory", reason="x", code="-111", channel_kind="mini_app", account=notified.account,
        created_at=datetime.now(UTC),
    )  # fmt: skip
    NotificationCount.objects.all().delete()
    (stopped,) = send(world, named | {"lastVisit": ago(hours=1)})
    assert take(notified) == []
    assert world.events(stopped) == [("rejected", "RECIPIENT_REMEMBERED")]
    (good,) = send(world, named | {"lastVisit": (datetime.now(UTC) + timedelta(seconds=5)).isoformat()})
    assert take(notified) == [good]
    assert not RecipientMark.objects.exists()


def test_a_look_knows_the_app_by_its_account(world: World, notified: Channel) -> None:
    send(world, USER)
    lane = Lane.objects.get(channel=notified, bulk=None)
    found = look_at(lane.pk, 10)
    assert len(found.loaded) == 1
    assert NotificationCount.objects.get(person=b"").app.endswith(":710000000000000203")


def test_a_message_without_the_user_takes_the_next_step_and_no_place_of_the_day(
    world: World, notified: Channel, dispatchers: Any
) -> None:
    route(world, notified, world.channel)
    (message_id,) = send(world, {"phone": "0987654321"})
    world.ends(message_id)
    assert Leg.objects.get(message_id=message_id, n=1).error_code == "RECIPIENT_ID_MISSING"
    assert counted() == 0
