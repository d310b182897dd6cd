"""The imitation of the host on calls written by hand, apart from the adapter."""

import hashlib
import json
from typing import Any

import pytest

from tests.providers.sandbox.running import HttpReply, RunningSandbox, Webhook

HOST = "openapi.mini.zalo.me"
SEND = "/notification/template"
BODY = {
    "templateId": "00126fd75392bacce383",
    "templateData": {"title": "Kho", "contentTitle": "Đơn", "contentDescription": "Xong"},
}


def credentials(sandbox: RunningSandbox) -> dict[str, str]:
    found: dict[str, str] = sandbox.call("GET", "/_/accounts").json()[HOST]["credentials"]
    return found


def headers(sandbox: RunningSandbox, **changed: str) -> dict[str, str]:
    known = credentials(sandbox)
    named = {"X-Api-Key": f"Bearer {known['apiKey']}", "X-MiniApp-Id": known["miniAppId"], "X-User-Id": "5600000001"}
    return {**named, **{name.replace("_", "-"): value for name, value in changed.items()}}


def call(sandbox: RunningSandbox, method: str, path: str, body: object = None, **named: str) -> HttpReply:
    return sandbox.call(method, f"/{HOST}{path}", body, headers(sandbox, **named))


def test_the_credentials_have_the_names_that_scripts_use(sandbox: RunningSandbox) -> None:
    assert sorted(credentials(sandbox)) == ["apiKey", "miniAppId", "partnerApiKey", "partnerId", "zaloAppId"]


def test_a_notification_written_by_hand_is_taken(sandbox: RunningSandbox) -> None:
    reply = call(sandbox, "POST", SEND, BODY)
    assert (reply.status, reply.json()) == (200, {"err": 0, "msg": "Success"})


@pytest.mark.parametrize(
    ("named", "body", "code"),
    [
        ({"X_Api_Key": ""}, BODY, -104),
        ({"X_Api_Key": "sbxM"}, BODY, -102),
        ({"X_MiniApp_Id": ""}, BODY, -114),
        ({"X_User_Id": ""}, BODY, -100),
        ({"X_User_Id": "0987"}, BODY, -110),
        ({}, b"no JSON", -100),
        ({}, {"templateId": BODY["templateId"]}, -100),
        ({}, {"templateId": 7, "templateData": {}}, -101),
        ({}, {**BODY, "templateData": {**BODY["templateData"], "title": "x" * 33}}, -101),  # type: ignore[dict-item]
    ],
)
def test_a_fault_has_its_code(sandbox: RunningSandbox, named: dict[str, str], body: Any, code: int) -> None:
    reply = call(sandbox, "POST", SEND, body, **named)
    assert (reply.status, reply.json()["err"]) == (200, code)


def test_a_key_without_bearer_is_refused(sandbox: RunningSandbox) -> None:
    assert call(sandbox, "POST", SEND, BODY, X_Api_Key=credentials(sandbox)["apiKey"]).json()["err"] == -102


@pytest.mark.parametrize(
    ("start", "end", "code"),
    [
        (1772298000000, 1774846800000, 0),
        (1772298000000, 1780073999999, 0),
        (1772298000000, 1780074000000, -101),
        (1772298000001, 1774846800000, -101),
        (1772298000000, 1772297999999, -101),
    ],
)
def test_statistics_start_at_midnight_in_viet_nam_and_cover_ninety_days(
    sandbox: RunningSandbox, start: int, end: int, code: int
) -> None:
    known = credentials(sandbox)
    app = known["miniAppId"]
    query = f"miniAppId={app}&type=age&startTime={start}&endTime={end}"
    reply = call(sandbox, "GET", f"/apps/{app}/stats?{query}", X_Zalo_AppID=known["zaloAppId"])
    assert reply.json()["err"] == code


@pytest.mark.parametrize(
    ("method", "path"), [("GET", "/"), ("GET", SEND), ("POST", "/apps/1/versions/2/3/4"), ("GET", "/partners")]
)
def test_what_is_not_there_is_404(sandbox: RunningSandbox, method: str, path: str) -> None:
    assert call(sandbox, method, path).status == 404


def test_management_needs_the_partners_key(sandbox: RunningSandbox) -> None:
    known = credentials(sandbox)
    partner = {"X_Partner_Api_Key": f"Bearer {known['partnerApiKey']}", "X_Partner_Id": known["partnerId"]}
    assert call(sandbox, "GET", "/partners/apps", **partner).json()["err"] == 0
    assert call(sandbox, "GET", "/partners/apps").json()["err"] == -104
    assert call(sandbox, "GET", "/partners/apps", **{**partner, "X_Partner_Id": "1"}).json()["err"] == -115
    wrong = {**partner, "X_Partner_Api_Key": known["partnerApiKey"]}
    assert call(sandbox, "GET", "/partners/apps", **wrong).json()["err"] == -116
    assert call(sandbox, "GET", "/partners/apps?limit=21", **partner).json()["err"] == -101


def test_a_report_is_signed_over_its_values_in_the_order_of_their_names(
    sandbox: RunningSandbox, webhook: Webhook
) -> None:
    known = credentials(sandbox)
    sandbox.call("PUT", "/_/webhook", {"appId": known["zaloAppId"], "url": webhook.url})
    event = {"event": "user.unheard", "appId": "12", "timestamp": 1767225600000, "description": "Thiếu"}
    assert sandbox.call("POST", "/_/events", {"host": HOST, "oaId": known["zaloAppId"], "event": event}).status == 202
    (heard,) = webhook.wait(1)
    text = f"12Thiếuuser.unheard1767225600000{known['apiKey']}"
    assert json.loads(heard.body) == event
    assert heard.headers["x-zevent-signature"] == hashlib.sha256(text.encode()).hexdigest()


def test_nobody_else_can_be_reported_of(sandbox: RunningSandbox) -> None:
    given = {"host": HOST, "oaId": "1", "event": {"event": "user.revoke.consent"}}
    assert sandbox.call("POST", "/_/events", given).status == 400
