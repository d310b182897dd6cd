"""Zalo's webhook: only what is signed is stored, and it is stored before it is answered."""

import hashlib
import json

import pytest

from messaging.models import Receipt
from tests.factories import ZaloAppFactory

SECRET = "oa-secret"


@pytest.fixture
def app(db):
    made = ZaloAppFactory.build(tenant=None, app_id="1")
    made.oa_secret_key = SECRET
    made.save()
    return made


def body(**fields: object) -> bytes:
    return json.dumps({"app_id": "1", "timestamp": "1760000005050", **fields}).encode()


def signed(raw: bytes) -> str:
    return "mac=" + hashlib.sha256(b"1" + raw + b"1760000005050" + SECRET.encode()).hexdigest()


def post(client, app, raw: bytes, signature: str):
    return client.post(
        f"/hooks/zalo/{app.hook_token}",
        raw,
        content_type="application/json",
        headers={"X-ZEvent-Signature": signature, "X-ZEvent-Server": "ZNS"},
    )


def test_a_signed_receipt_is_stored_sealed_and_answered_200(client, app):
    raw = body(
        event_name="user_received_message",
        sender={"id": "2"},
        recipient={"id": "84987654321"},
        message={"delivery_time": "1760000005000", "msg_id": "m", "tracking_id": "t"},
    )
    assert post(client, app, raw, signed(raw)).status_code == 200
    receipt = Receipt.objects.get()
    assert (receipt.kind, receipt.leg_id, receipt.provider_message_id) == ("delivered", "t", "m")
    assert b"84987654321" not in bytes(receipt.body)


def test_a_wrong_signature_is_refused_and_nothing_stored(client, app):
    raw = body(event_name="user_received_message")
    assert post(client, app, raw, signed(raw + b" ")).status_code == 403
    assert not Receipt.objects.exists()


def test_an_unknown_address_is_404(client, app):
    app.hook_token = "another"
    assert post(client, app, b"{}", "").status_code == 404


def test_a_body_that_is_no_json_is_refused(client, app):
    assert post(client, app, b"<html>", "mac=00").status_code == 403


def test_an_unknown_event_is_kept_as_not_understood(client, app):
    raw = body(event_name="something_new")
    assert post(client, app, raw, signed(raw)).status_code == 200
    assert Receipt.objects.get().state == Receipt.State.BROKEN


def test_only_post_is_taken(client, app):
    assert client.get(f"/hooks/zalo/{app.hook_token}").status_code == 405
