"""What Zalo reports of Mini Apps, and every way in which a report must not be let in."""

import hashlib
import json
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from providers.contract import BadSignature, Context, Event, EventKind, Hook
from providers.mini_app.adapter import MINI_APP
from providers.mini_app.signature import event_signature
from tests.providers.mini_app.test_signature import REVIEWED, REVOKED, VECTORS

AT = datetime(2026, 1, 1, tzinfo=UTC)
CONTEXT = Context(now=AT + timedelta(seconds=2))
KEY = "unit-test-api-key"
APP, USER = "1200000000000000034", "5600000000000000078"
SECRETS = {"api_key": KEY, "mini_app_id": APP}


def hook(body: bytes, signature: str) -> Hook:
    return Hook(method="POST", path="/hooks/mini_app/t", headers={"x-zevent-signature": signature}, body=body)


def signed(fields: dict[str, Any], key: str = KEY) -> Hook:
    """A hook whose signature fits, whatever the fields say."""
    return hook(json.dumps(fields, ensure_ascii=False).encode(), event_signature(fields, key))


def read(given: Hook, context: Context = CONTEXT, **secrets: str) -> Event:
    (event,) = MINI_APP.read_events(given, SECRETS | secrets, context)
    return event


def revoked(**changed: Any) -> dict[str, Any]:
    return {**json.loads(REVOKED), **changed}


def reviewed(**changed: Any) -> dict[str, Any]:
    return {**json.loads(REVIEWED), **changed}


def test_a_withdrawn_consent_names_the_app_and_the_person() -> None:
    event = read(hook(REVOKED.encode(), VECTORS[0][2]))
    assert (event.kind, event.name, event.at) == (EventKind.WITHDRAWN, "user.revoke.consent", AT)
    assert (event.account_id, event.person, event.data) == (APP, USER, {})


def test_a_rejected_review_tells_the_reason() -> None:
    event = read(hook(REVIEWED.encode(), VECTORS[1][2]))
    assert (event.kind, event.account_id, event.person, event.at) == (EventKind.VERSION_REVIEWED, APP, "", AT)
    assert event.data == {"version_id": 7, "approved": False, "reason": "Thiếu mô tả"}


def test_an_approved_review_may_come_without_a_reason() -> None:
    fields = reviewed(status=0)
    del fields["description"]
    assert read(signed(fields)).data == {"version_id": 7, "approved": True, "reason": ""}


def test_the_signature_may_be_written_in_capitals() -> None:
    assert read(hook(REVOKED.encode(), f" {VECTORS[0][2].upper()} ")).kind is EventKind.WITHDRAWN


@pytest.mark.parametrize("at", range(0, len(REVOKED)))
def test_a_changed_byte_is_refused(at: int) -> None:
    body = bytearray(REVOKED.encode())
    body[at] = ord("7") if body[at] != ord("7") else ord("8")
    with pytest.raises(BadSignature):
        read(hook(bytes(body), VECTORS[0][2]))


@pytest.mark.parametrize("signature", ["", "0" * 64, VECTORS[0][2][:-1], "mac=" + VECTORS[0][2], "é"])
def test_another_signature_is_refused(signature: str) -> None:
    with pytest.raises(BadSignature, match="signature"):
        read(hook(REVOKED.encode(), signature))


@pytest.mark.parametrize("secrets", [{"api_key": ""}, {"api_key": "other"}, {"api_key": "Bearer " + KEY}])
def test_another_key_or_none_is_refused(secrets: dict[str, str]) -> None:
    with pytest.raises(BadSignature):
        MINI_APP.read_events(hook(REVOKED.encode(), VECTORS[0][2]), SECRETS | secrets, CONTEXT)


def test_the_key_before_a_change_still_counts() -> None:
    event = read(hook(REVOKED.encode(), VECTORS[0][2]), api_key="new", previous_api_key=KEY)
    assert event.kind is EventKind.WITHDRAWN


@pytest.mark.parametrize(
    "fields",
    [
        revoked(userId=USER[1:], timestamp=int(f"1767225600000{USER[0]}")),
        revoked(userId=f"0{USER}", timestamp=176722560000),
        revoked(userId=USER[:-2], zz="78"),
        revoked(userId=USER[1:], u=USER[0]),
    ],
)
def test_a_digit_that_slid_into_another_field_is_refused_though_the_hash_fits(fields: dict[str, Any]) -> None:
    assert event_signature(fields, KEY) == VECTORS[0][2]
    with pytest.raises(BadSignature, match="field"):
        read(signed(fields))


@pytest.mark.parametrize(
    "fields",
    [
        revoked(extra=""),
        revoked(description=""),
        {name: value for name, value in revoked().items() if name != "userId"},
        revoked(userId=int(USER)),
        revoked(userId="123456789"),
        revoked(userId="1" * 21),
        revoked(userId=""),
        revoked(userId="٥" * 12),
        revoked(appId=int(APP)),
        revoked(appId=None),
        revoked(timestamp="1767225600000"),
        revoked(timestamp=1767225600000.0),
        revoked(timestamp=True),
        revoked(timestamp=-176722560000),
        reviewed(status=1),
        reviewed(status=False),
        reviewed(status="-1"),
        reviewed(versionId="7"),
        reviewed(versionId=0),
        reviewed(versionId=-7),
        reviewed(description=None),
        reviewed(description=["Thiếu"]),
        reviewed(userId=""),
    ],
)
def test_a_signed_event_with_other_fields_than_its_kinds_is_refused(fields: dict[str, Any]) -> None:
    with pytest.raises(BadSignature, match="field"):
        read(signed(fields))


def test_a_name_that_comes_twice_is_refused() -> None:
    body = REVOKED[:-1] + f',"userId":"{USER}"}}'
    with pytest.raises(BadSignature, match="one thing"):
        read(hook(body.encode(), VECTORS[0][2]))


@pytest.mark.parametrize(
    ("age", "let_in"),
    [
        (timedelta(hours=24), True),
        (timedelta(hours=24, milliseconds=1), False),
        (timedelta(minutes=-5), True),
        (timedelta(minutes=-5, milliseconds=-1), False),
    ],
)
def test_an_old_or_a_future_event_is_refused(age: timedelta, let_in: bool) -> None:
    context = replace(CONTEXT, now=AT + age)
    if let_in:
        assert read(hook(REVOKED.encode(), VECTORS[0][2]), context).kind is EventKind.WITHDRAWN
    else:
        with pytest.raises(BadSignature, match="old"):
            read(hook(REVOKED.encode(), VECTORS[0][2]), context)


@pytest.mark.parametrize("ids", ["", "1200000000000000035", APP + "5", APP[:-1]])
def test_a_mini_app_of_somebody_else_is_refused(ids: str) -> None:
    with pytest.raises(BadSignature, match="none of this account"):
        read(hook(REVOKED.encode(), VECTORS[0][2]), mini_app_id=ids)


@pytest.mark.parametrize("ids", [f"1200000000000000035, {APP}", f"{APP}\n1200000000000000035"])
def test_an_account_may_have_several_mini_apps(ids: str) -> None:
    assert read(hook(REVOKED.encode(), VECTORS[0][2]), mini_app_id=ids).account_id == APP


def test_a_partners_key_may_report_of_any_mini_app() -> None:
    event = read(signed(reviewed(), "pk"), api_key="", partner_api_key="pk", mini_app_id="")
    assert (event.kind, event.account_id) == (EventKind.VERSION_REVIEWED, APP)


@pytest.mark.parametrize("fields", [{"event": "user.follow", "x": {"y": [1.5]}}, revoked(event="x")])
def test_an_event_of_an_unknown_name_is_kept_as_such(fields: dict[str, Any]) -> None:
    event = read(signed(fields))
    assert (event.kind, event.at, event.person) == (EventKind.UNRECOGNISED, CONTEXT.now, "")


@pytest.mark.parametrize("fields", [{}, {"event": 7}, {"event": ""}, revoked(event=None)])
def test_an_event_without_a_name_is_refused(fields: dict[str, Any]) -> None:
    with pytest.raises(BadSignature, match="name"):
        read(signed(fields))


def test_repetitions_have_the_same_key_and_others_have_not() -> None:
    turned = dict(reversed(revoked().items()))
    assert read(signed(turned)).key == read(signed(revoked())).key
    assert read(signed(reviewed(description="other"))).key == read(signed(reviewed())).key
    others = [
        revoked(),
        revoked(userId=USER + "1"),
        revoked(timestamp=1767225600001),
        reviewed(),
        reviewed(versionId=8),
    ]
    assert len({read(signed(fields)).key for fields in others}) == 5


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=9), inner, max_size=3),
    max_leaves=6,
)


@given(st.dictionaries(st.sampled_from([*reviewed(), "userId"]), json_values).map(lambda more: revoked() | more))
def test_no_signed_event_raises_anything_else(fields: dict[str, Any]) -> None:
    with suppress(BadSignature):
        assert isinstance(read(signed(fields)).kind, EventKind)


@given(st.binary(max_size=200))
def test_no_bytes_are_let_in(body: bytes) -> None:
    with pytest.raises(BadSignature):
        read(hook(body, hashlib.sha256(body).hexdigest()))


@pytest.mark.parametrize("at", [at for at in range(1, 31) if at != 13])
def test_no_other_split_of_the_same_digits_is_let_in(at: int) -> None:
    digits = f"1767225600000{USER}"
    fields = revoked(timestamp=int(digits[:at]), userId=digits[at:])
    assert event_signature(fields, KEY) == VECTORS[0][2]
    with pytest.raises(BadSignature, match="field"):
        read(signed(fields))
