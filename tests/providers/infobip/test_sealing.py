"""Template values encrypted for Zalo: only who holds the private key reads them."""

import base64

import msgspec
import pytest
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from hypothesis import given
from hypothesis import strategies as st

from providers.infobip.adapter import INFOBIP
from providers.infobip.sealing import Unsealable, seal
from tests.providers.infobip.cases import CONTEXT, CREDENTIALS, message

PRIVATE = rsa.generate_private_key(65_537, 2048)


def der(key: rsa.RSAPublicKey | ec.EllipticCurvePublicKey) -> str:
    raw = key.public_bytes(serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo)
    return base64.b64encode(raw).decode()


SEALED = CREDENTIALS | {"encrypt": "1", "public_key": der(PRIVATE.public_key())}


def opened(value: str, mask: hashes.HashAlgorithm) -> str:
    oaep = padding.OAEP(mgf=padding.MGF1(mask), algorithm=hashes.SHA256(), label=None)
    return PRIVATE.decrypt(base64.b64decode(value, validate=True), oaep).decode()


@pytest.mark.parametrize(
    ("mgf1", "mask"),
    [("", hashes.SHA1()), ("sha1", hashes.SHA1()), ("sha256", hashes.SHA256())],  # noqa: S303
)
def test_each_value_is_encrypted_by_itself(mgf1: str, mask: hashes.HashAlgorithm) -> None:
    (call,) = INFOBIP.pack([message()], SEALED | {"mgf1_hash": mgf1}, CONTEXT)
    (sent,) = msgspec.json.decode(call.body)["messages"]
    values = sent["content"]["templateData"]
    assert {name: opened(value, mask) for name, value in values.items()} == {"name": "Nguyễn An", "code": "A-1"}
    assert sent["options"]["encrypted"] is True


def test_nothing_of_a_value_is_left_in_clear() -> None:
    (call,) = INFOBIP.pack([message(values={"name": "Nguyen"})], SEALED, CONTEXT)
    assert b"Nguyen" not in call.body


def test_the_same_value_never_gives_the_same_text() -> None:
    assert seal({"a": "x"}, SEALED) != seal({"a": "x"}, SEALED)


def test_without_the_switch_values_travel_in_clear() -> None:
    (call,) = INFOBIP.pack([message()], SEALED | {"encrypt": ""}, CONTEXT)
    assert "encrypted" not in msgspec.json.decode(call.body)["messages"][0].get("options", {})


def test_a_value_as_long_as_the_key_allows_is_taken() -> None:
    assert opened(seal({"a": "x" * 190}, SEALED)["a"], hashes.SHA1()) == "x" * 190  # noqa: S303


@pytest.mark.parametrize("value", ["x" * 191, "ễ" * 64])
def test_a_longer_value_is_refused_and_never_sent_in_clear(value: str) -> None:
    row = INFOBIP.check(message(values={"name": value}), SEALED)
    assert row is not None
    assert row.code == "LOCAL_ENCRYPTION"
    assert INFOBIP.pack([message(values={"name": value})], SEALED, CONTEXT) == []


@pytest.mark.parametrize(
    "key",
    ["", "no base64!", base64.b64encode(b"no key").decode(), der(ec.generate_private_key(ec.SECP256R1()).public_key())],
)
def test_a_key_that_cannot_be_used_sends_nothing(key: str) -> None:
    with pytest.raises(Unsealable):
        seal({"a": "x"}, SEALED | {"public_key": key})
    assert INFOBIP.pack([message()], SEALED | {"public_key": key}, CONTEXT) == []


@given(st.text(max_size=60).filter(lambda text: len(text.encode(errors="replace")) <= 190 and text.isprintable()))
def test_what_is_encrypted_comes_back(value: str) -> None:
    assert opened(seal({"a": value}, SEALED)["a"], hashes.SHA1()) == value  # noqa: S303
