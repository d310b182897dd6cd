"""The webhook's hash: its published vectors, and the texts it is over."""

import json
import math
import shutil
import subprocess

import pytest
from hypothesis import given
from hypothesis import strategies as st

from providers.mini_app.javascript import NotJson, as_string, parse_object
from providers.mini_app.signature import event_signature

REVOKED = (
    '{"event":"user.revoke.consent","appId":"1200000000000000034","userId":"5600000000000000078",'
    '"timestamp":1767225600000}'
)
REVIEWED = (
    '{"event":"versions.review.done","appId":"1200000000000000034","versionId":7,"status":-1,'
    '"description":"Thiếu mô tả","timestamp":1767225600000}'
)
MIXED = '{"b":true,"a":null,"c":{"z":1,"y":[1,2]},"d":1.0,"e":"é","timestamp":1}'
VECTORS = [
    (REVOKED, "unit-test-api-key", "fd4c03244beb3f144798419e5d5d46f9fdcf469981b1871c017b54a915003c86"),
    (REVIEWED, "unit-test-api-key", "0075d6b0565d8f7334620c78a02e9bf99a138cacbbb0009e9568c468dc49254a"),
    (MIXED, "k", "b39772077736dfdd189a84ad72a505a0aab860086e53a18bf63545f2da4f1f3f"),
]


@pytest.mark.parametrize(("payload", "key", "digest"), VECTORS)
def test_a_published_vector_passes(payload: str, key: str, digest: str) -> None:
    assert event_signature(parse_object(payload.encode()), key) == digest


@pytest.mark.parametrize(("payload", "key", "digest"), VECTORS)
def test_the_order_of_names_does_not_count(payload: str, key: str, digest: str) -> None:
    turned = dict(reversed(parse_object(payload.encode()).items()))
    assert event_signature(turned, key) == digest


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("1.0", "1"),
        ("-0.0", "0"),
        ("0.1", "0.1"),
        ("1e3", "1000"),
        ("-2.50", "-2.5"),
        ("1e20", "100000000000000000000"),
        ("1e21", "1e+21"),
        ("0.000001", "0.000001"),
        ("1e-7", "1e-7"),
        ("1.5e-7", "1.5e-7"),
        ("1200000000000000034", "1200000000000000034"),
        ("-7", "-7"),
        ("true", "true"),
        ("false", "false"),
        ("null", "null"),
        ('""', ""),
        ('"a\\/\\"\\n"', 'a/"\n'),
        ('["a/\\"\\n\\u0001é",1.0,null,{"b":[]}]', '["a/\\"\\n\\u0001é",1,null,{"b":[]}]'),
    ],
)
def test_a_value_is_written_as_javascript_writes_it(value: str, text: str) -> None:
    assert as_string(parse_object(f'{{"v":{value}}}'.encode())["v"]) == text


def test_names_are_ordered_by_their_code_units() -> None:
    event = {"\uff5e": "second", "\U0001f600": "first", "Z": "0", "a": "1"}
    same = {"1": "0", "2": "1", "3": "first", "4": "second"}
    assert event_signature(event, "k") == event_signature(same, "k")


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_a_number_is_written_in_a_form_that_reads_back_as_itself(value: float) -> None:
    text = as_string(value)
    assert math.copysign(1, float(text)) == math.copysign(1, value) or value == 0
    assert float(text) == value
    assert "." not in text or not text.partition("e")[0].endswith("0")


@pytest.mark.skipif(shutil.which("node") is None, reason="there is no JavaScript here to compare with")
def test_numbers_are_written_as_a_javascript_engine_writes_them() -> None:
    values = [
        sign * digits * 10.0**power for sign in (1, -1) for digits in (1, 1.5, 12.345678) for power in range(-30, 31)
    ]
    script = "console.log(JSON.stringify(JSON.parse(process.argv[1]).map(String)))"
    shown = subprocess.run(["node", "-e", script, json.dumps(values)], capture_output=True, check=True, timeout=30)
    assert [as_string(value) for value in values] == json.loads(shown.stdout)


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"[]",
        b"7",
        b"{",
        b'{"a":NaN}',
        b'{"a":Infinity}',
        b'{"a":1e999}',
        b'{"a":1,"a":1}',
        b'{"a":{"b":1,"b":2}}',
        b'\xff{"a":1}',
        b'{"a":' + b"[" * 100_000,
    ],
)
def test_what_is_no_object_that_means_one_thing_is_refused(body: bytes) -> None:
    with pytest.raises(NotJson):
        parse_object(body)
