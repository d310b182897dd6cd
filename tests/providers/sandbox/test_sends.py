import hashlib
import hmac
import time
from typing import Any

import pytest

from tests.providers.sandbox.running import BUSINESS, OTP, RunningSandbox

BILL = {
    "ky": "1",
    "thang": "4/2020",
    "start_date": "20/03/2020",
    "end_date": "20/04/2020",
    "customer": "Nguyễn Thị Hoàng Anh",
    "cid": "PE010299485",
    "address": "VNG Campus, TP.HCM",
    "amount": "100",
    "total": "100000",
}
ORDER = {"customer": "Lan", "order_code": "DH-1", "date": "21/11/2026", "total": "350000"}
PROMOTION = {"customer": "Lan", "voucher": "SEN20", "expires": "31/12/2026"}


def code(sandbox: RunningSandbox, *args: Any, **kwargs: Any) -> int:
    reply = sandbox.send(*args, **kwargs)
    assert reply.status == 200
    error: int = reply.json()["error"]
    return error


def test_an_accepted_send_answers_with_strings_throughout(sandbox: RunningSandbox) -> None:
    sandbox.settings(dailyQuota=1_000_000)
    before = int(time.time() * 1000)
    reply = sandbox.send("84987654321", "7895417a7d3f9461cd2e", BILL, tracking_id="t-1").json()
    data = reply.pop("data")
    assert reply == {"error": 0, "message": "Success"}
    assert set(data) == {"msg_id", "sent_time", "sending_mode", "quota"}
    assert len(data["msg_id"]) == 20
    assert int(data["msg_id"], 16) > 0
    assert before <= int(data["sent_time"]) <= int(time.time() * 1000)
    assert data["sending_mode"] == "1"
    assert data["quota"]["dailyQuota"] == "1000000"
    assert 0 < int(data["quota"]["remainingQuota"]) < 1_000_000


def test_every_send_is_a_message_of_its_own_whatever_its_tracking_id(sandbox: RunningSandbox) -> None:
    first, second = (sandbox.send(tracking_id="same").json()["data"] for _ in range(2))
    assert first["msg_id"] != second["msg_id"]


@pytest.mark.parametrize("phone", ["84987654321", "+84987654321", "0987654321"])
def test_the_listed_forms_of_a_number_are_taken(sandbox: RunningSandbox, phone: str) -> None:
    assert code(sandbox, phone) == 0


@pytest.mark.parametrize("phone", ["", "987654321", "8498765432", "849876543210", "84287654321", "84 987654321", "٨٤٩"])
def test_anything_else_is_no_number(sandbox: RunningSandbox, phone: str) -> None:
    assert sandbox.send(phone).json() == {"error": -108, "message": "Phone number invalid", "data": None}


def test_a_number_that_is_not_text_is_refused(sandbox: RunningSandbox) -> None:
    assert code(sandbox, 84987654321) == -108


@pytest.mark.parametrize(
    ("template", "data", "expected"),
    [
        ("7895417a7d3f9461cd2e", {k: v for k, v in BILL.items() if k != "total"}, (-1122, "total is missing")),
        ("301002", {"otp": None}, (-1122, "otp is missing")),
        ("301002", {"otp": "12345678901"}, (-1121, "otp data breaks max length")),
        ("301002", {"otp": ["1"]}, (-1124, "otp has invalid format")),
        ("301002", {"otp": True}, (-1124, "otp has invalid format")),
        ("301002", "otp", (-112, "Template data invalid")),
        ("301002", {}, (-111, "Template data empty")),
        ("301004", ORDER, (-131, "Template is not approved")),
        ("301005", PROMOTION, (-131, "Template is not approved")),
        ("303002", OTP, (-117, "OA or app does not have permission to use this template")),
        ("999999", OTP, (-109, "Template ID invalid")),
        ("", OTP, (-109, "Template ID invalid")),
    ],
)
def test_what_does_not_fit_the_template_is_refused_by_its_code(
    sandbox: RunningSandbox, template: str, data: Any, expected: tuple[int, str]
) -> None:
    reply = sandbox.send(template=template, data=data)
    assert (reply.status, reply.json()["error"], reply.json()["message"]) == (200, *expected)


def test_a_value_of_exactly_the_longest_length_is_taken_counted_in_characters(sandbox: RunningSandbox) -> None:
    assert code(sandbox, data={"otp": "ễễễễễễễễễễ"}) == 0


def test_numbers_and_unknown_names_among_the_values_are_taken(sandbox: RunningSandbox) -> None:
    assert code(sandbox, data={"otp": 123456, "other": "x"}) == 0


@pytest.mark.parametrize(("body", "expected"), [(b"", -121), (b"{", -122), (b"[]", -122), (b'{"phone":"\xff"}', -122)])
def test_a_body_that_is_no_json_object_is_refused(sandbox: RunningSandbox, body: bytes, expected: int) -> None:
    assert sandbox.business("POST", "/message/template", body).json()["error"] == expected


def test_an_unknown_path_is_an_unsupported_method(sandbox: RunningSandbox) -> None:
    assert sandbox.business("GET", "/message/template").json()["error"] == -106


def test_a_hashed_number_is_taken_in_lower_case_hex_only(sandbox: RunningSandbox) -> None:
    digest = hashlib.sha256(b"84987654321").hexdigest()
    body = {"hash_phone": digest, "template_id": "301002", "template_data": OTP}
    assert sandbox.business("POST", "/message/template/hashphone", body).json()["error"] == 0
    assert (
        sandbox.business("POST", "/message/template/hashphone", {**body, "hash_phone": digest.upper()}).json()["error"]
        == -108
    )


def test_a_hashed_magic_number_keeps_its_outcome(sandbox: RunningSandbox) -> None:
    digest = hashlib.sha256(b"84900000007").hexdigest()
    body = {"hash_phone": digest, "template_id": "301002", "template_data": OTP}
    assert sandbox.business("POST", "/message/template/hashphone", body).json()["error"] == -118


def test_development_mode_reaches_admins_only(sandbox: RunningSandbox) -> None:
    admin = sandbox.accounts()["admins"][0]
    assert code(sandbox, admin, mode="development") == 0
    assert code(sandbox, "84987654321", mode="development") == -127


def test_development_mode_has_an_allowance_of_its_own(own_sandbox: RunningSandbox) -> None:
    admin = own_sandbox.accounts()["admins"][0]
    token = own_sandbox.accounts()["officialAccounts"][1]["accessToken"]
    own_sandbox.settings(developmentQuota=1)
    assert code(own_sandbox, admin, "302002", token=token, mode="development") == 0
    assert code(own_sandbox, admin, "302002", token=token, mode="development") == -126


@pytest.mark.parametrize(
    ("template", "data", "mode", "expected"),
    [("301003", PROMOTION, "3", -161), ("301001", ORDER, "3", -162), ("301001", ORDER, "2", -161)],
)
def test_a_sending_mode_that_is_not_allowed_is_refused(
    sandbox: RunningSandbox, template: str, data: object, mode: str, expected: int
) -> None:
    assert code(sandbox, template=template, data=data, sending_mode=mode) == expected


def test_a_listed_official_account_sends_over_its_quota_in_mode_3(sandbox: RunningSandbox) -> None:
    oa_id = sandbox.accounts()["credentials"]["oaId"]
    sandbox.settings(dailyQuota=0, overQuota=[oa_id])
    assert code(sandbox, template="301003", data=PROMOTION, sending_mode="3") == 0
    assert code(sandbox, template="301003", data=PROMOTION, sending_mode="1") == -144


def test_the_daily_quota_counts_dand_then_refuses(own_sandbox: RunningSandbox) -> None:
    token = own_sandbox.accounts()["officialAccounts"][2]["accessToken"]
    own_sandbox.settings(dailyQuota=2)
    left = [
        own_sandbox.send(template="303002", token=token).json()["data"]["quota"]["remainingQuota"] for _ in range(2)
    ]
    assert left == ["1", "0"]
    assert code(own_sandbox, template="303002", token=token) == -144
    quota = own_sandbox.business("GET", "/message/quota", token=token).json()["data"]
    assert (quota["dailyQuota"], quota["remainingQuota"]) == (2, 0)


def test_a_refused_send_uses_no_quota(sandbox: RunningSandbox) -> None:
    def left() -> int:
        number: int = sandbox.business("GET", "/message/quota").json()["data"]["remainingQuota"]
        return number

    before = left()
    assert code(sandbox, "84900000007") == -118
    assert left() == before


def test_the_shared_account_takes_any_template_with_any_text(sandbox: RunningSandbox) -> None:
    token = sandbox.accounts()["test"]["accessToken"]
    assert code(sandbox, template="whatever", data={"a": "b"}, token=token) == 0


def test_a_journey_token_opens_a_journey_template(sandbox: RunningSandbox) -> None:
    given = sandbox.business("POST", "/journey/get-token", {"phone": "84987654321"}).json()
    assert (given["error"], set(given)) == (0, {"error", "message", "token", "journey_id"})
    headers = {"journey_token": given["token"]}
    assert code(sandbox, template="301006", data=ORDER) == -148
    assert code(sandbox, template="301006", data=ORDER, headers={"journey_token": "forged.0"}) == -149
    assert code(sandbox, "84987654322", template="301006", data=ORDER, headers=headers) == -149
    assert code(sandbox, template="301006", data=ORDER, headers=headers) == 0
    checked = sandbox.business("GET", "/journey/check-token", **headers).json()["data"]
    assert checked["expiredAt"] - checked["createdAt"] == 7 * 86_400_000


def test_a_proof_is_asked_for_where_it_is_switched_on(sandbox: RunningSandbox) -> None:
    credentials = sandbox.accounts()["credentials"]
    sandbox.settings(prove=[credentials["appId"]])
    token = credentials["accessToken"]
    proof = hmac.new(credentials["secretKey"].encode(), token.encode(), "sha256").hexdigest()
    assert code(sandbox) == -1241
    assert code(sandbox, headers={"appsecret_proof": "0" * 64}) == -1241
    assert code(sandbox, headers={"appsecret_proof": proof}) == 0


def test_only_the_bare_token_header_counts(sandbox: RunningSandbox) -> None:
    token = sandbox.accounts()["credentials"]["accessToken"]
    path, body = f"/{BUSINESS}/message/template", {"phone": "84987654321", "template_id": "301002"}
    reply = sandbox.call("POST", path, body, {"Authorization": f"Bearer {token}"})
    assert (reply.status, reply.json()["error"], reply.json()["message"]) == (200, -124, "Access token invalid")
