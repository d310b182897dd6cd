from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec
import psycopg
import pytest
from django.db import connection, transaction

from messaging.content import open_content, open_recipient
from messaging.ids import class_of
from messaging.intake.accept import Accepted, accept
from messaging.intake.rows import OWN_LANES_FROM
from messaging.models import Bulk, ClientMessage, Due, Lane, Message, Template
from messaging.states import MessageClass
from tenants import clock, data_keys
from tenants.models import Tenant
from tests import factories
from tests.messaging.intake.conftest import message

encode = msgspec.json.encode
MINUTE = timedelta(minutes=1)


def send(tenant: Tenant, *messages: dict[str, Any], **options: Any) -> Accepted:
    body = {"messages": list(messages) or [message()]}
    return accept(tenant.id, encode(body | ({"options": options} if options else {})), test=False)


@pytest.fixture
def statements(monkeypatch):
    """Collect every statement that goes over a plain cursor."""
    seen = []
    execute = psycopg.Cursor.execute

    def noting(self, query, *args, **kwargs):
        seen.append(query)
        return execute(self, query, *args, **kwargs)

    monkeypatch.setattr(psycopg.Cursor, "execute", noting)
    return seen


def test_a_call_of_ten_thousand_takes_as_many_statements_as_one_of_five_hundred(tenant, statements):
    send(tenant)
    counts = []
    for size in (OWN_LANES_FROM, 10_000):
        statements.clear()
        send(tenant, *[message()] * size)
        counts.append(len(statements))
    assert counts[0] == counts[1]
    assert Message.objects.count() == 10_000 + OWN_LANES_FROM + 1


@pytest.mark.django_db(transaction=True)
def test_a_message_alone_is_one_statement_once_all_is_known(statements):
    tenant = factories.sending_tenant("solo")
    send(tenant)
    statements.clear()
    send(tenant, message())
    assert len([query for query in statements if "INSERT INTO message" in str(query)]) == 1
    assert len(statements) == 1


def test_rows_hold_what_was_asked_for(tenant):
    accepted = send(
        tenant,
        message(messageId="own-1", reference="r1", callbackData="cb", journeyToken="j", mode="development"),
        platform={"entityId": "e", "applicationId": "a"},
    )
    row = Message.objects.get(tenant=tenant)
    assert (row.client_id, row.reference, row.entity_id, row.application_id) == ("own-1", "r1", "e", "a")
    assert (row.bulk_id, row.test, row.ended_at, row.events) == (accepted.bulk_id, False, None, 0)
    assert ClientMessage.objects.get(tenant_id=tenant.id, client_id="own-1").message_id == row.id
    content = open_content(data_keys.content_key_by_id(row.data_key_id), row.id, bytes(row.content or b""))
    assert content.values == {"customer": "An"}
    assert (content.journey_token, content.mode, content.callback_data) == ("j", "development", "cb")


def test_nothing_is_stored_in_clear(tenant):
    send(tenant, message(templateData={"customer": "Quynh Huong"}))
    with connection.cursor() as cursor:
        cursor.execute("SELECT m::text, encode(recipient, 'escape'), encode(content, 'escape') FROM message m")
        shown = " ".join(cursor.fetchone())
    assert "987654321" not in shown
    assert "Quynh" not in shown


def test_a_recipient_is_found_by_its_hash_and_opens(tenant):
    send(tenant, message(to="+84 987 654 321"))
    row = Message.objects.get(recipient_hash=data_keys.recipient_hash(tenant.id, "84987654321"))
    key = data_keys.content_key_by_id(row.data_key_id)
    assert open_recipient(key, row.id, bytes(row.recipient or b"")) == "84987654321"


def test_ids_ascend_in_the_order_of_the_request(tenant):
    accepted = send(tenant, *[message(reference=str(n)) for n in range(50)])
    stored = Message.objects.order_by("id").values_list("reference", flat=True)
    assert list(stored) == [str(n) for n in range(50)]
    bulk = Bulk.objects.get(id=accepted.bulk_id)
    ids = [id.hex for id in Message.objects.order_by("id").values_list("id", flat=True)]
    assert (bulk.total, bulk.first_id.hex, bulk.last_id.hex) == (50, ids[0], ids[-1])
    assert accepted.message_ids == ids


def test_numbers_are_taken_as_their_digits(tenant):
    Template.objects.filter(tenant=tenant).update(parameters=[{"name": name} for name in ("a", "b", "c")])
    send(tenant, message(templateData={"a": 100, "b": 1.5, "c": 0.0000001}))
    row = Message.objects.get(tenant=tenant)
    values = open_content(data_keys.content_key_by_id(row.data_key_id), row.id, bytes(row.content or b"")).values
    assert values == {"a": "100", "b": "1.5", "c": "0.0000001"}


def test_the_class_is_the_templates_and_travels_in_the_id(tenant):
    Template.objects.filter(tenant=tenant).update(message_class=MessageClass.OTP)
    send(tenant)
    row = Message.objects.get(tenant=tenant)
    assert (row.message_class, class_of(row.id)) == (MessageClass.OTP, MessageClass.OTP)


def test_a_lower_class_may_be_asked_for(tenant):
    send(tenant, **{"class": "promotional"})
    row = Message.objects.get(tenant=tenant)
    assert (row.message_class, class_of(row.id)) == (MessageClass.PROMOTIONAL, MessageClass.PROMOTIONAL)
    assert Due.objects.get().message_class == MessageClass.PROMOTIONAL


def test_templates_of_several_classes_go_to_their_lanes(tenant):
    channel = tenant.channels.get()
    otp = factories.TemplateFactory.create(tenant=tenant, code="otp", message_class=MessageClass.OTP)
    factories.TemplateMappingFactory.create(template=otp, channel=channel)
    send(tenant, message(), message(templateId="otp"), message())
    rows = [(row.message_class, class_of(row.id)) for row in Message.objects.order_by("id")]
    assert rows == [(2, 2), (1, 1), (2, 2)]
    lanes = {due.message_class: Lane.objects.get(id=due.lane_id).message_class for due in Due.objects.all()}
    assert lanes == {1: 1, 2: 2}


@pytest.mark.parametrize(
    ("message_class", "options", "validity"),
    [
        (MessageClass.TRANSACTIONAL, {}, timedelta(hours=48)),
        (MessageClass.OTP, {}, timedelta(minutes=5)),
        (MessageClass.OTP, {"validityPeriod": {"amount": 30}}, timedelta(minutes=30)),
        (MessageClass.PROMOTIONAL, {"validityPeriod": {"amount": 30, "timeUnit": "SECONDS"}}, timedelta(seconds=30)),
        (MessageClass.TRANSACTIONAL, {"validityPeriod": {"amount": 48, "timeUnit": "HOURS"}}, timedelta(hours=48)),
    ],
)
def test_validity_counts_from_acceptance(tenant, message_class, options, validity):
    Template.objects.filter(tenant=tenant).update(message_class=message_class)
    send(tenant, **options)
    row = Message.objects.get(tenant=tenant)
    due = Due.objects.get(message_id=row.id)
    assert row.expires_at - row.accepted_at == validity
    assert (due.due_at, due.expires_at) == (row.accepted_at, row.expires_at)


def test_validity_counts_from_send_at(tenant):
    send_at = clock.now().replace(microsecond=0) + timedelta(days=179)
    send(tenant, sendAt=send_at.isoformat(), validityPeriod={"amount": 1})
    row = Message.objects.get(tenant=tenant)
    due = Due.objects.get(message_id=row.id)
    assert (row.send_at, row.expires_at) == (send_at, send_at + MINUTE)
    assert (due.due_at, due.expires_at) == (send_at, send_at + MINUTE)


def test_a_send_at_of_a_moment_ago_is_now(tenant):
    send(tenant, sendAt=(clock.now() - 4 * MINUTE).isoformat())
    row = Message.objects.get(tenant=tenant)
    assert row.send_at is None
    assert Due.objects.get(message_id=row.id).due_at == row.accepted_at


def test_a_send_at_long_ago_is_refused(tenant, refusal):
    options = {"sendAt": (clock.now() - 6 * MINUTE).isoformat()}
    assert refusal(encode({"messages": [message()], "options": options})) == [("options.sendAt", "in_the_past")]


def test_a_send_at_beyond_180_days_is_refused(tenant, refusal):
    options = {"sendAt": (datetime.now(UTC) + timedelta(days=180, minutes=1)).isoformat()}
    assert refusal(encode({"messages": [message()], "options": options})) == [("options.sendAt", "too_far")]


def test_small_calls_share_a_lane_and_a_large_one_has_its_own(tenant):
    send(tenant)
    send(tenant)
    large = send(tenant, *[message()] * OWN_LANES_FROM)
    lanes = {lane.id: lane.bulk_id for lane in Lane.objects.all()}
    assert sorted(lanes.values(), key=str) == sorted([None, large.bulk_id], key=str)
    counted = {
        lanes[due.lane_id] for due in Due.objects.filter(message_id__gte=Bulk.objects.get(id=large.bulk_id).first_id)
    }
    assert counted == {large.bulk_id}


def test_test_messages_have_lanes_of_their_own(tenant):
    accept(tenant.id, encode({"messages": [message()]}), test=True)
    send(tenant)
    assert sorted(Lane.objects.values_list("test", flat=True)) == [False, True]
    assert sorted(Message.objects.values_list("test", flat=True)) == [False, True]


def test_a_refused_own_id_leaves_the_callers_transaction_usable(tenant, refusal):
    send(tenant, message(messageId="a"))
    with transaction.atomic():
        assert refusal(encode({"messages": [message(messageId="a")]})) == [("messages[0].messageId", "duplicate")]
        send(tenant, message(messageId="b"))
    assert Message.objects.count() == 2
