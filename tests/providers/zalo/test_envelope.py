"""The envelope decides what an answer says; without a numeric error there is none."""

import pytest

from providers.contract import Reply
from providers.zalo.envelope import read_envelope, unreadable


@pytest.mark.parametrize(
    ("body", "code", "message", "data"),
    [
        (b'{"error":0,"message":"Success","data":{"msg_id":"5c"}}', 0, "Success", {"msg_id": "5c"}),
        (b'{"error":-118,"message":"Zalo account not existed","data":null}', -118, "Zalo account not existed", None),
        (b'{"error":-118,"message":"Zalo account not existed"}', -118, "Zalo account not existed", None),
        (b'{"error":"-14014"}', -14014, "", None),
        (b'{"error":0,"data":["A"]}', 0, "", ["A"]),
    ],
)
def test_an_envelope_is_read(body: bytes, code: int, message: str, data: object) -> None:
    envelope = read_envelope(body)
    assert envelope is not None
    assert (envelope.code, envelope.message, envelope.data) == (code, message, data)


@pytest.mark.parametrize("data", [b"null", b'"text"', b"5", b"[]"])
def test_data_that_is_no_object_has_no_fields(data: bytes) -> None:
    envelope = read_envelope(b'{"error":0,"data":' + data + b"}")
    assert envelope is not None
    assert envelope.fields == {}


@pytest.mark.parametrize(
    "body", [b"", b"<html>502</html>", b"[]", b"{}", b'{"error":null}', b'{"error":"bad"}', b'{"error":true}']
)
def test_without_a_numeric_error_there_is_no_envelope(body: bytes) -> None:
    assert read_envelope(body) is None


def test_an_unreadable_answer_is_told_without_quoting_it() -> None:
    assert unreadable(Reply(status=502, headers={}, body=b"<html>84987654321</html>")) == (
        "HTTP 502 with a body that is no answer of the API"
    )
    assert unreadable(Reply(status=200, headers={}, body=b" ")) == "HTTP 200 with no body"
