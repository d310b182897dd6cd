"""Looking at a bulk and steering it in the admin."""

import json
from datetime import UTC, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.contrib.admin.models import LogEntry
from django.test import Client

from messaging.admin.bulk_form import BulkForm, Hours, hours_of
from messaging.bulks.errors import LOADING
from messaging.bulks.reading import BulkView, read_bulk
from messaging.intake.accept import accept
from messaging.models import Bulk, Message
from messaging.states import State
from tenants.clock import now
from tenants.models import Channel
from tests.messaging.admin.conftest import browser

LIST = "/admin/messaging/bulk/"
SPEED: dict[str, Any] = {"sendingSpeedLimit": {"amount": 60, "timeUnit": "MINUTE"}}
# In Viet Nam from 06:00 to 20:30 on all days but Wednesday: it opens within the validity on whatever day this runs.
STORED: dict[str, Any] = {
    "days": ["MONDAY", "WEDNESDAY", "THURSDAY", "FRIDAY", "SATURDAY", "SUNDAY"],
    "from": {"hour": 23, "minute": 0},
    "to": {"hour": 13, "minute": 30},
}
WINDOW: dict[str, Any] = {"deliveryTimeWindow": STORED}
LOCAL_DAYS = ["MONDAY", "TUESDAY", "THURSDAY", "FRIDAY", "SATURDAY", "SUNDAY"]


def started(tenant: Any, count: int = 4, **options: Any) -> Bulk:
    people = [{"to": f"8498765432{n}", "templateId": "bill", "templateData": {"customer": "An"}} for n in range(count)]
    accepted = accept(tenant.pk, json.dumps({"messages": people, "options": options}).encode(), test=False)
    return Bulk.objects.get(pk=accepted.bulk_id)


def speed(bulk: Bulk) -> tuple[int, str]:
    found = view(bulk).speed
    assert found is not None
    return found.amount, found.unit.value


def view(bulk: Bulk) -> BulkView:
    found = read_bulk(bulk.tenant_id, bulk.pk)
    assert found is not None
    return found


def page(client: Client, bulk: Bulk) -> str:
    answer = client.get(f"{LIST}{bulk.pk}/change/")
    assert answer.status_code == 200
    return str(answer.content.decode())


def press(client: Client, bulk: Bulk, action: str) -> Any:
    return client.post(f"{LIST}{bulk.pk}/steer/", {"action": action}, follow=True)


def change(client: Client, bulk: Bulk, **fields: Any) -> Any:
    return client.post(f"{LIST}{bulk.pk}/rest/", {"unit": "MINUTE", **fields}, follow=True)


def test_the_bar_tells_states_that_add_up_and_when_the_last_will_have_left(viewer, tenant):
    Channel.objects.update(night_rules=False)
    bulk = started(tenant, **SPEED)
    Message.objects.filter(pk=bulk.first_id).update(state=State.DELIVERED)
    Bulk.objects.update(counted=False)
    before = now()
    told = viewer.get(f"{LIST}{bulk.pk}/progress/").json()
    assert (told["state"], told["colour"], told["moving"]) == ("processing", "primary", True)
    assert [(part["word"], part["count"], part["percent"]) for part in told["parts"]] == [
        ("delivered", 1, 25.0),
        ("queued", 3, 75.0),
    ]
    messages, end = told["facts"]
    assert messages == ["Messages", "4"]
    ends = datetime.strptime(end[1], "%Y-%m-%d %H:%M:%S").replace(tzinfo=ZoneInfo(tenant.time_zone))
    assert before < ends <= before + timedelta(seconds=10)


def test_the_page_tells_speed_hours_and_start_in_the_tenants_zone(viewer, tenant):
    start = (now() + timedelta(days=7)).astimezone(UTC).replace(microsecond=0)
    text = page(viewer, started(tenant, sendAt=f"{start:%Y-%m-%dT%H:%M:%SZ}", **SPEED, **WINDOW))
    assert "60 a minute" in text
    assert "06:00 – 20:30, Monday, Tuesday, Thursday, Friday, Saturday, Sunday" in text
    assert f"{start.astimezone(ZoneInfo('Asia/Ho_Chi_Minh')):%Y-%m-%d %H:%M:%S}" in text


def test_the_list_tells_state_and_progress(viewer, tenant):
    bulk = started(tenant)
    Message.objects.filter(pk=bulk.first_id).update(state=State.SENT)
    text = viewer.get(LIST).content.decode()
    assert "processing" in text
    assert 'aria-label="1 / 4"' in text


def test_an_operator_pauses_resumes_and_cancels(operator, tenant):
    bulk = started(tenant)
    assert "The bulk is paused." in press(operator, bulk, "pause").content.decode()
    assert view(bulk).state is Bulk.Progress.PAUSED
    assert "The bulk goes on." in press(operator, bulk, "resume").content.decode()
    assert view(bulk).state is Bulk.Progress.PROCESSING
    press(operator, bulk, "cancel")
    assert view(bulk).state is Bulk.Progress.CANCELED
    assert set(Message.objects.values_list("state", flat=True)) == {State.CANCELLED}
    assert LogEntry.objects.filter(object_id=str(bulk.pk)).count() == 3


def test_what_cannot_be_done_any_more_is_told(operator, tenant):
    bulk = started(tenant)
    press(operator, bulk, "cancel")
    assert "The bulk was cancelled; nothing is left to change." in press(operator, bulk, "resume").content.decode()
    assert "The bulk was cancelled; nothing is left to change." in change(operator, bulk, speed=5).content.decode()
    assert LogEntry.objects.count() == 1


def test_a_bulk_that_is_over_has_no_buttons(operator, tenant):
    bulk = started(tenant)
    assert 'name="action"' in page(operator, bulk)
    press(operator, bulk, "cancel")
    text = page(operator, bulk)
    assert 'name="action"' not in text
    assert 'name="speed"' not in text


def test_what_a_campaign_still_loads_can_only_be_cancelled(operator, tenant):
    bulk = started(tenant)
    Bulk.objects.update(state="PAUSED", state_reason=LOADING)
    text = page(operator, bulk)
    assert "A campaign still loads its recipients" in text
    assert 'value="cancel"' in text
    assert 'value="resume"' not in text
    press(operator, bulk, "resume")
    assert view(bulk).state is Bulk.Progress.PAUSED


def test_a_halted_bulk_tells_its_numbers(viewer, tenant):
    bulk = started(tenant)
    Bulk.objects.update(state="PAUSED", state_reason="AUTO_HALTED", state_detail={"failures": 3, "left": 4})
    assert "It has paused itself: too many messages failed. 3 of 4 that left." in page(viewer, bulk)


def test_speed_and_hours_are_changed_and_taken_away(operator, tenant):
    bulk = started(tenant)
    said = change(operator, bulk, speed=300, unit="HOUR", opens="06:00", closes="20:30", days=LOCAL_DAYS)
    assert "The rest goes like this from now on." in said.content.decode()
    assert speed(bulk) == (300, "HOUR")
    assert view(bulk).window == STORED
    change(operator, bulk, speed="", unit="HOUR", opens="", closes="")
    assert (view(bulk).speed, view(bulk).window) == (None, None)


def test_what_nobody_touched_stays_as_it_is(tenant):
    bulk = view(started(tenant, **SPEED, **WINDOW))
    shown = {"speed": "90", "unit": "MINUTE", "opens": "06:00", "closes": "20:30", "days": LOCAL_DAYS}
    form = BulkForm(bulk, ZoneInfo("Asia/Ho_Chi_Minh"), shown)
    assert form.is_valid()
    assert form.changed_data == ["speed"]


def test_hours_move_to_the_day_on_which_they_open(tenant):
    bulk = view(started(tenant, **WINDOW))
    west = hours_of(bulk, ZoneInfo("America/Bogota"))
    assert west == Hours(time(18), time(8, 30), STORED["days"])
    assert hours_of(bulk, ZoneInfo("Asia/Ho_Chi_Minh")) == Hours(time(6), time(20, 30), LOCAL_DAYS)


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"opens": "08:00"}, "Give both times, or neither and no day."),
        ({"days": ["MONDAY"]}, "Give both times, or neither and no day."),
        ({"opens": "08:00", "closes": "08:30"}, "at least an hour is needed."),
        ({"speed": "0"}, "greater than or equal to 1"),
    ],
)
def test_a_change_that_makes_no_sense_is_refused_in_words(operator, tenant, fields, words):
    bulk = started(tenant, **SPEED)
    assert words in change(operator, bulk, **{"speed": "60", **fields}).content.decode()
    assert (speed(bulk), view(bulk).window) == ((60, "MINUTE"), None)


def test_a_speed_too_slow_for_what_is_left_is_refused(operator, tenant):
    bulk = started(tenant, **SPEED)
    answer = change(operator, bulk, speed=1, unit="DAY")
    assert answer.context["form"].errors["speed"]
    assert speed(bulk) == (60, "MINUTE")


def test_a_viewer_steers_nothing(viewer, tenant):
    bulk = started(tenant)
    assert 'name="action"' not in page(viewer, bulk)
    assert press(viewer, bulk, "cancel").status_code == 403
    assert change(viewer, bulk, speed=5).status_code == 403
    assert (view(bulk).state, view(bulk).speed) == (Bulk.Progress.PROCESSING, None)


def test_a_bulk_of_others_does_not_exist(operator, tenant, other_tenant):
    theirs = started(other_tenant)
    assert press(operator, theirs, "cancel").status_code == 404
    assert change(operator, theirs, speed=5).status_code == 404
    assert operator.get(f"{LIST}{theirs.pk}/progress/").status_code == 404
    assert view(theirs).state is Bulk.Progress.PROCESSING


def test_a_bulk_is_steered_by_posting_only(tenant):
    client = browser("boss", tenant, "owner")
    bulk = started(tenant)
    assert client.get(f"{LIST}{bulk.pk}/steer/").status_code == 405
    assert client.post(f"{LIST}{bulk.pk}/steer/", {"action": "explode"}).status_code == 400
