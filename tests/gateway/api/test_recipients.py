"""Persons over the API: why they are not sent to, forgetting refusals, and erasure."""

import pytest

from messaging.models import Message, RecipientMark
from messaging.recipients.marks import Reach, Refusal, remember, suppress
from messaging.states import State

PHONE = "84987654321"


@pytest.fixture
def refused(api, tenant, one):
    """A message to the person, whose refusal was remembered for its account."""
    message = api.post("/v1/messages", one()).json()["messages"][0]["messageId"]
    account = tenant.channels.get().account_id
    remember([Refusal(message, "-141", "blocked", 30, Reach(account_id=account))])
    return message


def test_a_remembered_refusal_is_told_with_its_channels_and_its_end(api, refused):
    answer = api.get("/v1/recipients/0987654321").json()
    (mark,) = answer["marks"]
    assert answer["to"] == PHONE
    assert (mark["kind"], mark["reason"], mark["code"], mark["channels"]) == ("memory", "blocked", "-141", ["zns"])
    assert mark["until"] > mark["since"]


def test_a_person_of_whom_nothing_is_kept_has_no_marks(api):
    assert api.get("/v1/recipients/+84987654321").json() == {"to": PHONE, "marks": []}


def test_forgetting_refusals_leaves_opt_outs(api, tenant, refused):
    suppress(tenant.pk, [PHONE])
    assert api.delete("/v1/recipients/0987654321/memory").json() == {"count": 1}
    assert RecipientMark.objects.get().kind == RecipientMark.Kind.SUPPRESSION


def test_a_dry_run_counts_and_changes_nothing(api, refused):
    answer = api.post("/v1/recipients/0987654321/erase?dryRun=true").json()
    assert answer == {"stopped": 1, "messages": 1, "dryRun": True}
    assert Message.objects.get().recipient is not None


def test_erasing_stops_and_erases(api, refused):
    answer = api.post("/v1/recipients/0987654321/erase").json()
    assert answer == {"stopped": 1, "messages": 1, "dryRun": False}
    message = Message.objects.get()
    assert (message.state, message.recipient, message.content) == (State.CANCELLED, None, None)
    shown = api.get(f"/v1/messages/{refused}").json()
    assert (shown["to"], shown["state"], shown["reason"]) == (None, "cancelled", "ERASED")
    assert [event["type"] for event in shown["events"]] == ["accepted", "erased"]


def test_another_tenants_messages_to_the_person_stay(api, other_api, refused):
    assert other_api.post("/v1/recipients/0987654321/erase").json()["messages"] == 0
    assert Message.objects.get().recipient is not None


def test_what_is_no_number_is_refused(api):
    for path in ("12", "098-765-4321", "bakery"):
        answer = api.get(f"/v1/recipients/{path}")
        assert [error["field"] for error in answer.json()["errors"]] == ["phone"]
