"""Zalo's two hashes against vectors computed apart from this code."""

import pytest

from providers.contract import BadSignature
from providers.zalo.signature import appsecret_proof, event_signature, verify_event

BODY = b'{"app_id":"1","timestamp":"2"}'
MAC = "5262cb1f32c4896618d333ebb01d45531a8f1fbf303ef49370d4a912413f7cd0"


def test_the_reference_vector() -> None:
    assert event_signature("1", BODY, "2", "s") == MAC


def test_the_proof_is_the_hmac_vector_of_the_wikipedia_fox() -> None:
    assert appsecret_proof("The quick brown fox jumps over the lazy dog", "key") == (
        "f7bc83f430538424b13298e6aa6fb143ef4d59a14946175997479dbc2d1a3cd8"
    )


@pytest.mark.parametrize("header", [f"mac={MAC}", f"mac = {MAC}", f" mac= {MAC} ", f"MAC={MAC.upper()}"])
def test_a_right_signature_is_accepted(header: str) -> None:
    verify_event(header, "1", BODY, "2", "s")


@pytest.mark.parametrize(
    "header", ["", MAC, "mac=", f"sig={MAC}", f"mac={MAC[:-1]}", f"mac={MAC}0", "mac=" + "0" * 64, "mac=é", "mac=\x00"]
)
def test_a_wrong_signature_is_refused(header: str) -> None:
    with pytest.raises(BadSignature):
        verify_event(header, "1", BODY, "2", "s")


@pytest.mark.parametrize(
    ("app_id", "body", "timestamp", "secret"),
    [
        ("2", BODY, "2", "s"),
        ("1", BODY + b" ", "2", "s"),
        ("1", BODY, "3", "s"),
        ("1", BODY, "2", "t"),
        ("", BODY, "2", "s"),
        ("1", BODY, "2", ""),
    ],
)
def test_a_signature_of_something_else_is_refused(app_id: str, body: bytes, timestamp: str, secret: str) -> None:
    with pytest.raises(BadSignature):
        verify_event(f"mac={MAC}", app_id, body, timestamp, secret)


def test_without_a_secret_even_the_hash_of_nothing_is_refused() -> None:
    with pytest.raises(BadSignature):
        verify_event("mac=" + event_signature("", BODY, "2", ""), "", BODY, "2", "")


def test_the_refusal_holds_no_secret() -> None:
    with pytest.raises(BadSignature) as refusal:
        verify_event("mac=00", "1", BODY, "2", "s3cret")
    assert "s3cret" not in str(refusal.value)
    assert event_signature("1", BODY, "2", "s3cret") not in str(refusal.value)
