"""What the hot paths read: every statement by an index, and no more of it when ten times as many messages wait.

The statements are not copied here: the code runs them, and PostgreSQL tells the plans by which it did.
"""

import json
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import connection, transaction

from messaging.bulks.cancelling import cancel_batch
from messaging.dispatch.claiming import Claim, claim
from messaging.dispatch.deadlines import expire, pass_deadlines
from messaging.dispatch.decide import Rules
from messaging.dispatch.loading import load
from messaging.dispatch.settle import Result, settle
from messaging.dispatch.tick import tick
from messaging.ids import leg_id
from messaging.intake.accept import accept
from messaging.models import Bulk
from messaging.queries.listing import Filters, list_messages
from messaging.queries.messages import find_message
from messaging.queries.timeline import legs_of, timeline_of
from messaging.receipts.apply import apply_receipts
from messaging.receipts.finding import reopen_waiting
from messaging.receipts.store import store
from messaging.states import State
from providers.contract import Event, EventKind, Outcome, Verdict
from tenants.models import Account, Channel, Quota
from tests.factories import AccountFactory
from tests.messaging.crowd import CLASS, Crowd
from tests.messaging.plans import Plans, watched

FEW, MANY = 20_000, 200_000
TAKEN = 100
LEASE = timedelta(seconds=15)
RULES = Rules(deadline=timedelta(minutes=5), unknown_wait=timedelta(seconds=20))
# Trees are a level higher where there is ten times as much, pages split now and then, and what the works before it took
# back lies about as dead rows.
GROWTH, SPARE = 3.0, 60
BIG = ("due", "lane", "message", "leg", "event", "receipt", "client_message", "provider_message")
Work = Callable[[], object]
pytestmark = pytest.mark.django_db


def taken(crowd: Crowd, lane: int = 1) -> Claim:
    found = claim(crowd.lanes[lane], TAKEN, LEASE)
    assert found is not None
    assert len(found.messages) == TAKEN
    return found


def metered(crowd: Crowd) -> Work:
    Channel.objects.filter(pk=crowd.channel.pk).update(max_in_flight=100_000, rate_amount=100_000, rate_unit="SECOND")
    Quota.objects.create(tenant=crowd.tenant, limit=1_000_000)
    return lambda: taken(crowd)


def lent(crowd: Crowd) -> Work:
    """An account that the platform lends: whoever else has something due on it shares in its limits."""
    account = AccountFactory.create(tenant=None, max_in_flight=100_000, rate_amount=100_000, rate_unit="SECOND")
    Channel.objects.filter(pk=crowd.channel.pk).update(account=account)
    assert Account.objects.filter(pk=account.pk, channels=crowd.channel).exists()
    return lambda: taken(crowd)


def settling(crowd: Crowd) -> Work:
    found = taken(crowd)
    results = [
        Result(
            one, found.channel_id, Outcome(leg_id=leg_id(one.message_id, 1), verdict=Verdict.ACCEPTED), RULES,
            crowd.channel.account_id,
        )
        for one in found.messages
    ]  # fmt: skip

    def work() -> None:
        assert settle(results) == TAKEN

    return work


def loading(crowd: Crowd) -> Work:
    found = taken(crowd)
    return lambda: load(found, resend_unknown=False)


def accepting(crowd: Crowd, count: int) -> Work:
    message = {"to": "0987654321", "templateId": "bill", "templateData": {"customer": "An"}}
    messages = [message | {"messageId": f"new-{n}", "reference": "new"} for n in range(count)]
    body = json.dumps({"messages": messages}).encode()
    return lambda: accept(crowd.tenant.pk, body, test=False)


def storing(crowd: Crowd) -> Work:
    at = datetime.now(UTC)
    events = [Event(kind=EventKind.DELIVERED, name="d", key=str(n), at=at, leg_id=crowd.leg(n)) for n in range(1, 51)]
    return lambda: store(crowd.tenant.pk, "zalo", b"{}", events)


def listing(**filters: Any) -> Callable[[Crowd], Work]:
    def prepare(crowd: Crowd) -> Work:
        values: dict[str, Any] = {name: value(crowd) if callable(value) else value for name, value in filters.items()}
        narrowed = Filters(**values)
        return lambda: list_messages(crowd.tenant.pk, narrowed, 50)

    return prepare


def reading(crowd: Crowd) -> Work:
    def work() -> None:
        for text in ("own-1700", crowd.id(1701).hex):
            message = find_message(crowd.tenant.pk, text)
            assert message is not None
            assert len(legs_of(message)) == 1
            timeline_of(message)

    return work


def cancelling(crowd: Crowd) -> Work:
    bulk = crowd.bulks[0]
    Bulk.objects.filter(pk=bulk.pk).update(state=Bulk.Progress.CANCELED)
    return lambda: cancel_batch(bulk.pk, TAKEN)


def hash_of(crowd: Crowd) -> bytes:
    with connection.cursor() as sql:
        sql.execute("SELECT recipient_hash FROM message WHERE id = %s", (crowd.id(1700),))
        return bytes(sql.fetchone()[0])


# What runs, and the index without which it would not be quick. The name of a partition's index ends differently.
WORKS: dict[str, tuple[Callable[[Crowd], Work], str]] = {
    "claim": (lambda crowd: lambda: taken(crowd), "due_ready"),
    "metered claim": (metered, "due_in_flight"),
    "claim of a lent account": (lent, "due_in_flight"),
    "load": (loading, "message"),
    "settle": (settling, "due_pkey"),
    "due lanes": (lambda crowd: lambda: tick(CLASS), "due_ready"),
    "deadlines": (
        lambda crowd: lambda: pass_deadlines(CLASS, unknown_wait=LEASE, lease=LEASE, limit=TAKEN), "due_clock",
    ),
    "expiry": (lambda crowd: lambda: expire(CLASS, TAKEN), "due_expiry"),
    "receipts in": (storing, ""),
    "receipts applied": (lambda crowd: lambda: apply_receipts(CLASS, TAKEN), "receipt"),
    "receipts looked at again": (lambda crowd: lambda: reopen_waiting(CLASS), "receipt"),
    "accept one": (lambda crowd: accepting(crowd, 1), ""),
    "accept many": (lambda crowd: accepting(crowd, TAKEN), ""),
    "cancel": (cancelling, "due_ready"),
    "read": (reading, "client_message_pkey"),
    "list": (listing(), "message"),
    "list a bulk": (listing(bulk_id=lambda crowd: crowd.bulks[1].pk), "message"),
    "list a recipient": (listing(recipient_hash=hash_of), "message"),
    "list a reference": (listing(reference="order-170"), "message"),
    "list an entity": (listing(entity_id="entity-17"), "message"),
    "list a state": (listing(state=State.SENT), "message"),
}  # fmt: skip
MODES = ("force_custom_plan", "force_generic_plan")


def plans_of(crowd: Crowd, prepare: Callable[[Crowd], Work]) -> Plans:
    """Run one of the works, note its plans, and take back what it did."""
    with transaction.atomic():
        work = prepare(crowd)
        with watched() as plans:
            work()
        transaction.set_rollback(True)
    return plans


@pytest.fixture(scope="module")
def measured(django_db_setup, django_db_blocker) -> Iterator[dict[tuple[str, str, int], Plans]]:
    """The plans of all works, by name, way of planning and how many wait."""
    with django_db_blocker.unblock(), transaction.atomic():
        crowd, found = Crowd(), {}
        for count in (FEW, MANY):
            crowd.grow(count)
            for mode in MODES:
                with connection.cursor() as sql:
                    sql.execute(f"SET LOCAL plan_cache_mode = {mode}")
                for name, (prepare, _) in WORKS.items():
                    found[name, mode, count] = plans_of(crowd, prepare)
        yield found
        transaction.set_rollback(True)


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("name", WORKS)
def test_no_big_table_is_read_whole(measured, name: str, mode: str):
    plans = measured[name, mode, MANY]
    assert plans.found
    assert {table for table in plans.read_whole if table.rstrip("_0123456789") in BIG} == set()


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("name", [name for name, (_, index) in WORKS.items() if index])
def test_the_index_is_used(measured, name: str, mode: str):
    index = WORKS[name][1]
    assert any(used.startswith(index) for used in measured[name, mode, MANY].indexes)


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("name", WORKS)
def test_ten_times_as_many_cost_no_more(measured, name: str, mode: str):
    few, many = (measured[name, mode, count].buffers for count in (FEW, MANY))
    assert many <= few * GROWTH + SPARE


@pytest.mark.parametrize("mode", MODES)
def test_the_legs_of_receipts_without_our_id_are_found_by_the_whole_key(measured, mode: str):
    nodes = list(measured["receipts applied", mode, MANY].nodes())
    found = [node for node in nodes if node.get("Index Name") == "provider_message_pkey"]
    assert found
    assert all("account_id" in node["Index Cond"] for node in found)
