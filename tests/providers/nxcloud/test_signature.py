"""The signature against published digests, and against everything that must not pass."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from providers.contract import BadSignature
from providers.nxcloud.signature import signature, signed_headers, verify

NOW = datetime(2026, 1, 1, tzinfo=UTC)
PUBLISHED = {"accessKey": "fme2na3kdi3ki", "action": "send", "bizType": "1", "ts": "1655710885431"}
OURS = {"accessKey": "AKdemo01", "action": "mt", "bizType": "9", "ts": "1767225600000"}
BODY = (
    '{"appkey":"appdemo1","functionType":"template","phone":"84900000001","messageData":{"templateId":"100200",'
    '"templateData":{"name":"Nguyễn An","code":"A-1"}}}'
)
SIGN = "d6222cdad6ed0cfa6275a94bb6bd8a40"
CREDENTIALS = {"access_key": "AKdemo01", "access_secret": "secretDemo"}


@pytest.mark.parametrize(
    ("body", "digest"),
    [
        ('{"name":"牛小信","id":10001}', "87c3560d3331ae23f1021e2025722354"),
        ('{"id":10001,"name":"牛小信"}', "7750759da06333f20d0640be09355e34"),
        ('{"id": 10001, "name": "牛小信"}', "d0c24a9886c629330d7f3f2056c65bc2"),
    ],
)
def test_the_published_vectors(body: str, digest: str) -> None:
    assert signature(PUBLISHED, body.encode(), "abciiiko2k3") == digest


@pytest.mark.parametrize(
    ("body", "algorithm", "digest"),
    [
        (BODY, "md5", SIGN),
        (BODY, "sha256", "ab27eefacbbe3776ff7b80d741a507d5f04e4bd1a4f21132f804b8f634c4461b"),
        (BODY.replace("Nguyễn", r"Nguy\u1ec5n"), "md5", "0b646d199fa124ea1d267bf7380a4544"),
        ("", "md5", "0e96424a9e180639ebffc8456883b943"),
    ],
    ids=["md5", "sha256", "escaped", "empty"],
)
def test_the_vectors_of_the_reference(body: str, algorithm: str, digest: str) -> None:
    assert signature(OURS, body.encode(), "secretDemo", algorithm) == digest


def test_the_headers_of_a_call() -> None:
    assert signed_headers(CREDENTIALS, "9", "mt", BODY.encode(), NOW) == (*OURS.items(), ("sign", SIGN))


def test_another_algorithm_is_named() -> None:
    headers = dict(signed_headers(CREDENTIALS | {"algorithm": "sha256"}, "9", "mt", BODY.encode(), NOW))
    assert (headers["algorithm"], len(headers["sign"])) == ("sha256", 64)


def test_the_secret_does_not_travel() -> None:
    assert "secretDemo" not in repr(signed_headers(CREDENTIALS, "9", "mt", BODY.encode(), NOW))


def test_the_time_is_cut_to_whole_milliseconds() -> None:
    at = NOW + timedelta(microseconds=1999)
    assert dict(signed_headers(CREDENTIALS, "9", "mt", b"", at))["ts"] == "1767225600001"


def arrived(**changed: str) -> dict[str, str]:
    sent = dict(signed_headers(CREDENTIALS, "9", "mt", BODY.encode(), NOW))
    return {name.lower(): value for name, value in sent.items()} | changed


@pytest.mark.parametrize("seconds", [-60, 0, 60])
def test_a_signature_holds_for_a_minute(seconds: int) -> None:
    verify(arrived(), BODY.encode(), "AKdemo01", "secretDemo", NOW + timedelta(seconds=seconds))


def test_a_sha256_signature_is_verified_as_one() -> None:
    sign = "ab27eefacbbe3776ff7b80d741a507d5f04e4bd1a4f21132f804b8f634c4461b"
    verify(arrived(algorithm="sha256", sign=sign), BODY.encode(), "", "secretDemo", NOW)


@pytest.mark.parametrize(
    ("changed", "reason"),
    [
        ({"sign": SIGN[:-2] + "04"}, "does not fit"),
        ({"sign": ""}, "does not fit"),
        ({"ts": "1767225600001"}, "does not fit"),
        ({"biztype": "4"}, "does not fit"),
        ({"accesskey": "AKdemo02"}, "another access key"),
        ({"algorithm": "crc32"}, "neither md5 nor sha256"),
        ({"algorithm": "sha256"}, "does not fit"),
    ],
)
def test_a_changed_header_does_not_pass(changed: dict[str, str], reason: str) -> None:
    with pytest.raises(BadSignature, match=reason):
        verify(arrived(**changed), BODY.encode(), "AKdemo01", "secretDemo", NOW)


@given(st.integers(0, len(BODY.encode()) - 1), st.integers(1, 255))
def test_a_changed_byte_does_not_pass(where: int, by: int) -> None:
    body = bytearray(BODY.encode())
    body[where] ^= by
    with pytest.raises(BadSignature, match="does not fit"):
        verify(arrived(), bytes(body), "AKdemo01", "secretDemo", NOW)


@given(st.integers(0, len(SIGN) - 2))
def test_swapped_digits_do_not_pass(at: int) -> None:
    swapped = SIGN[:at] + SIGN[at + 1] + SIGN[at] + SIGN[at + 2 :]
    if swapped == SIGN:
        return
    with pytest.raises(BadSignature, match="does not fit"):
        verify(arrived(sign=swapped), BODY.encode(), "AKdemo01", "secretDemo", NOW)


@pytest.mark.parametrize("seconds", [-61, 61, 3600])
def test_an_old_time_does_not_pass(seconds: int) -> None:
    with pytest.raises(BadSignature, match="more than a minute"):
        verify(arrived(), BODY.encode(), "AKdemo01", "secretDemo", NOW + timedelta(seconds=seconds))


@pytest.mark.parametrize("stamp", ["", "soon", "-1", "9" * 30])
def test_a_time_that_is_none_does_not_pass(stamp: str) -> None:
    headers = OURS | {"ts": stamp}
    sign = signature(headers, BODY.encode(), "secretDemo")
    with pytest.raises(BadSignature, match="without a time"):
        verify(arrived(ts=stamp, sign=sign), BODY.encode(), "AKdemo01", "secretDemo", NOW)


def test_nothing_passes_without_a_secret() -> None:
    with pytest.raises(BadSignature, match="no access secret"):
        verify(arrived(), BODY.encode(), "AKdemo01", "", NOW)
