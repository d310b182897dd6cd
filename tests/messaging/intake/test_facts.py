"""Facts about a Mini App's user: taken with the recipient, checked, kept until newer ones are told."""

from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec
import pytest

from messaging.intake.accept import accept
from messaging.models import MiniAppMessage, MiniAppPerson
from messaging.recipients.marks import hash_of
from tests.messaging.intake.conftest import message

USER = "5600000000000000078"
encode = msgspec.json.encode
VISIT = datetime(2026, 1, 1, 3, tzinfo=UTC)


def take(tenant: Any, *persons: dict[str, Any]) -> None:
    accept(tenant.pk, encode({"messages": [message(to=person) for person in persons]}), test=False)


def user(**facts: Any) -> dict[str, Any]:
    return {"phone": "0987654321", "miniAppUserId": USER, **facts}


def known(tenant: Any) -> tuple[bool | None, datetime | None]:
    row = MiniAppPerson.objects.get(tenant_id=tenant.pk)
    assert bytes(row.person) == hash_of(tenant.pk, f"mini:{USER}")
    return row.opted_in, row.last_visit


@pytest.mark.parametrize(
    ("to", "field", "code"),
    [
        (user(miniAppUserId="123456789"), "messages[0].to.miniAppUserId", "invalid"),
        (user(miniAppUserId="1" * 21), "messages[0].to.miniAppUserId", "invalid"),
        (user(miniAppUserId="56000000x0000"), "messages[0].to.miniAppUserId", "invalid"),
        (user(optedIn="yes"), "messages[0].to.optedIn", "wrong_type"),
        (user(lastVisit="2026-01-01T10:00:00"), "messages[0].to.lastVisit", "invalid"),
        (user(lastVisit="9999-01-01T10:00:00Z"), "messages[0].to.lastVisit", "in_the_future"),
        ({"phone": "0987654321", "optedIn": True}, "messages[0].to.optedIn", "no_user"),
        ({"phone": "0987654321", "lastVisit": "2026-01-01T10:00:00Z"}, "messages[0].to.lastVisit", "no_user"),
    ],
)
def test_a_bad_fact_is_named(refusal: Any, to: dict[str, Any], field: str, code: str) -> None:
    assert refusal(encode({"messages": [message(to=to)]})) == [(field, code)]
    assert not MiniAppPerson.objects.exists()
    assert not MiniAppMessage.objects.exists()


def test_facts_are_kept_and_older_ones_change_nothing(tenant: Any) -> None:
    take(tenant, user(optedIn=True, lastVisit=VISIT.isoformat()))
    assert known(tenant) == (True, VISIT)
    take(tenant, user(lastVisit=(VISIT - timedelta(days=1)).isoformat()))
    assert known(tenant) == (True, VISIT)
    take(tenant, user(optedIn=False), user(lastVisit=(VISIT + timedelta(days=1)).isoformat()), user())
    assert known(tenant) == (False, VISIT + timedelta(days=1))
    assert MiniAppMessage.objects.count() == 5


def test_a_person_without_facts_is_named_by_the_message_alone(tenant: Any) -> None:
    take(tenant, user())
    assert not MiniAppPerson.objects.exists()
    assert bytes(MiniAppMessage.objects.get().person) == hash_of(tenant.pk, f"mini:{USER}")


def test_a_phone_alone_leaves_no_trace_here(tenant: Any) -> None:
    take(tenant, {"phone": "0987654321"})
    assert not MiniAppMessage.objects.exists()


def test_each_tenant_keeps_its_own_facts(tenant: Any, other_sender: Any) -> None:
    take(tenant, user(optedIn=True))
    take(other_sender, user(optedIn=False))
    facts = dict(MiniAppPerson.objects.values_list("tenant_id", "opted_in"))
    assert facts == {tenant.pk: True, other_sender.pk: False}
    assert len({bytes(one) for one in MiniAppPerson.objects.values_list("person", flat=True)}) == 2
