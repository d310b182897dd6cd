"""Whatever comes in is stored, or refused with its fields named: nothing else ever happens."""

import json

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from messaging.intake.accept import accept
from messaging.intake.errors import NotJson, Refused
from messaging.models import Message
from tests.messaging.intake.conftest import message

WORDS = [
    "to",
    "templateId",
    "templateData",
    "messageId",
    "reference",
    "mode",
    "customer",
    "options",
    "sendAt",
    "class",
    "validityPeriod",
    "amount",
    "timeUnit",
    "platform",
    "entityId",
    "messages",
    "route",
    "callbackData",
]
scalars = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20) | st.sampled_from(
    ["0987654321", "bill", "default", "otp", "2026-12-01T09:00:00Z", "MINUTES", "\ud800", "\x00"]
)  # fmt: skip
values = st.recursive(
    scalars,
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(WORDS) | st.text(max_size=5), inner, max_size=5)
    ),
    max_leaves=12,
)
requests = values | st.fixed_dictionaries(
    {
        "messages": st.lists(
            st.dictionaries(st.sampled_from(WORDS), values, max_size=6).map(lambda change: message(**change)) | values,
            max_size=4,
        )
    },
    optional={"options": values},
)
anything = settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)


def outcome(tenant_id: int, body: bytes) -> str:
    """Return what came of a body; a refusal leaves nothing and names what is wrong."""
    before = Message.objects.count()
    try:
        accepted = accept(tenant_id, body, test=False)
    except NotJson:
        after = 0
    except Refused as refused:
        assert refused.errors
        assert all(error.code and error.message for error in refused.errors)
        json.dumps([error._asdict() for error in refused.errors], ensure_ascii=False).encode()
        after = 0
    else:
        after = len(accepted.message_ids)
    assert Message.objects.count() == before + after
    return "stored" if after else "refused"


@anything
@given(body=requests)
def test_any_json_is_stored_or_refused(tenant, body):
    with transaction.atomic():
        outcome(tenant.id, json.dumps(body).encode())


@anything
@given(body=st.binary(max_size=200))
def test_any_bytes_are_refused(tenant, body):
    assert outcome(tenant.id, body) == "refused"


@anything
@given(data=st.data())
def test_a_good_body_cut_anywhere_is_refused(tenant, data):
    whole = json.dumps({"messages": [message(), message(reference="ü")]}, ensure_ascii=False).encode()
    cut = data.draw(st.integers(0, len(whole) - 1))
    assert outcome(tenant.id, whole[:cut]) == "refused"


@pytest.mark.parametrize("body", [b"null", b"0", b'""', b"[]", b"{}", b'{"messages":null}', b'{"messages":[null]}'])
def test_small_bodies_are_refused(tenant, body):
    assert outcome(tenant.id, body) == "refused"
