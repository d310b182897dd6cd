"""What an answer means for each leg of a call, for both channels."""

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from providers.contract import NoAnswer, NotSent, Outcome, Reply, Verdict
from providers.infobip.adapter import INFOBIP
from tests.providers.infobip.cases import ANSWERED, CALL, CONTEXT, CREDENTIALS, LEG, ONE, SECOND, message, reply


@pytest.mark.parametrize(("response", "outcome"), ANSWERED.values(), ids=ANSWERED.keys())
def test_a_reply_means(response: Reply | NotSent | NoAnswer, outcome: Outcome) -> None:
    assert INFOBIP.unpack(ONE, response) == [outcome]


def both(body: object, status: int = 200) -> list[tuple[str, Verdict, str]]:
    raw = msgspec.json.encode(body).decode()
    outcomes = INFOBIP.unpack(CALL, reply(raw, status))
    return [(one.leg_id, one.verdict, one.error.code if one.error else "") for one in outcomes]


def test_each_message_of_a_call_has_its_own_outcome_in_any_order() -> None:
    rejected = {"messageId": SECOND, "status": {"groupId": 5, "name": "REJECTED_DND"}}
    assert both({"messages": [rejected, {"messageId": LEG, "status": {"groupId": 1}}]}) == [
        (LEG, Verdict.ACCEPTED, ""),
        (SECOND, Verdict.REFUSED, "REJECTED_DND"),
    ]


def test_a_message_left_out_of_the_answer_is_unknown() -> None:
    assert both({"messages": [{"messageId": SECOND, "status": {"groupId": 1}}]}) == [
        (LEG, Verdict.UNKNOWN, ""),
        (SECOND, Verdict.ACCEPTED, ""),
    ]


def test_of_a_bad_request_only_the_named_message_is_refused_for_it() -> None:
    bad = {"property": "messages[1].destinations[0].to", "violation": "must not be blank"}
    assert both({"errorCode": "E400", "violations": [bad]}, 400) == [
        (LEG, Verdict.NOT_SENT, ""),
        (SECOND, Verdict.REFUSED, "HTTP_400"),
    ]


def test_a_bad_request_that_names_nobody_is_tried_apart() -> None:
    assert both({"errorCode": "E400", "description": "No."}, 400) == [
        (LEG, Verdict.REFUSED, "HTTP_400_BATCH"),
        (SECOND, Verdict.REFUSED, "HTTP_400_BATCH"),
    ]


def test_a_violation_beyond_the_call_names_nobody() -> None:
    bad = {"property": "messages[7].content", "violation": "x"}
    assert {code for _, _, code in both({"violations": [bad]}, 400)} == {"HTTP_400_BATCH"}


def test_a_refused_key_refuses_all() -> None:
    assert {(verdict, code) for _, verdict, code in both({}, 401)} == {(Verdict.REFUSED, "HTTP_401")}


@given(st.binary(max_size=300), st.integers(100, 599))
def test_no_bytes_make_it_raise(body: bytes, status: int) -> None:
    outcomes = INFOBIP.unpack(CALL, Reply(status=status, headers={"retry-after": repr(body)}, body=body))
    assert [one.leg_id for one in outcomes] == [LEG, SECOND]


JSON_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5) | st.sampled_from([LEG, "PENDING", "REJECTED"]),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["messages", "messageId", "status", "error", "groupId", "groupName", "name", "violations"]),
            inner,
            max_size=4,
        )
    ),
    max_leaves=12,
)


@given(JSON_VALUES, st.sampled_from([200, 400, 500]))
def test_no_json_makes_it_raise_or_be_sent_twice(value: object, status: int) -> None:
    outcomes = INFOBIP.unpack(ONE, Reply(status=status, headers={}, body=msgspec.json.encode(value)))
    assert [one.leg_id for one in outcomes] == [LEG]
    assert outcomes[0].verdict is not Verdict.NOT_SENT


@given(st.text("abXY019 ệ/", min_size=3, max_size=30).map(str.strip).filter(lambda value: len(value) > 2))
def test_no_wording_carries_the_number_or_a_value(value: str) -> None:
    (call,) = INFOBIP.pack([message(values={"name": value})], CREDENTIALS, CONTEXT)
    words = f"{value} to +84987654321 {value} or 0987654321 is invalid"
    status = {"groupId": 5, "name": "REJECTED_DESTINATION", "description": words}
    body = msgspec.json.encode({"messages": [{"messageId": LEG, "status": status}]})
    (outcome,) = INFOBIP.unpack(call, Reply(status=200, headers={}, body=body))
    assert value not in outcome.text
    assert "987654321" not in outcome.text
