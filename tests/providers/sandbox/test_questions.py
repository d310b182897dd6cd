from typing import Any

import pytest

from tests.providers.sandbox.running import RunningSandbox


def data(sandbox: RunningSandbox, path: str) -> Any:
    reply = sandbox.business("GET", path).json()
    assert (reply["error"], reply["message"]) == (0, "Success")
    return reply["data"]


def test_templates_are_listed_in_pages_with_their_total(sandbox: RunningSandbox) -> None:
    reply = sandbox.business("GET", "/template/all?offset=1&limit=2").json()
    assert reply["metadata"] == {"total": 7}
    assert [(row["templateId"], row["templateName"]) for row in reply["data"]] == [(301001, "order"), (301002, "otp")]
    assert set(reply["data"][0]) == {"templateId", "templateName", "createdTime", "status", "templateQuality"}


@pytest.mark.parametrize(("status", "names"), [("3", ["rejected"]), ("4", ["disabled"]), ("2", [])])
def test_templates_can_be_listed_by_status(sandbox: RunningSandbox, status: str, names: list[str]) -> None:
    found = data(sandbox, f"/template/all?offset=0&limit=100&status={status}")
    assert [row["templateName"] for row in found] == names


def test_no_more_than_a_hundred_templates_are_listed_at_once(sandbox: RunningSandbox) -> None:
    assert sandbox.business("GET", "/template/all?offset=0&limit=101").json()["error"] == -132


def test_a_template_tells_its_parameters_and_times(sandbox: RunningSandbox) -> None:
    otp = data(sandbox, "/template/info/v2?template_id=301002")
    assert (otp["templateId"], otp["status"], otp["templateTag"], otp["timeout"]) == (
        301002,
        "ENABLE",
        "TRANSACTION",
        15_000,
    )
    assert otp["listParams"] == [
        {"name": "otp", "require": True, "type": "STRING", "maxLength": 10, "minLength": 0, "acceptNull": False}
    ]
    assert otp["price"] == "300"


@pytest.mark.parametrize(
    ("template", "tag"), [("7895417a7d3f9461cd2e", "TRANSACTION"), ("301001", "TRANSACTION"), ("301003", "PROMOTION")]
)
def test_other_templates_time_out_after_twenty_seconds(sandbox: RunningSandbox, template: str, tag: str) -> None:
    detail = data(sandbox, f"/template/info/v2?template_id={template}")
    assert (detail["timeout"], detail["templateTag"]) == (20_000, tag)


def test_the_bill_has_the_nine_parameters(sandbox: RunningSandbox) -> None:
    (bill,) = (each for each in sandbox.accounts()["templates"] if each["name"] == "bill")
    names = ["ky", "thang", "start_date", "end_date", "customer", "cid", "address", "amount", "total"]
    assert bill == {"id": "7895417a7d3f9461cd2e", "name": "bill", "params": names}


def test_a_rejected_template_says_why(sandbox: RunningSandbox) -> None:
    assert data(sandbox, "/template/info?template_id=301004")["reason"] == "Nội dung chưa rõ"


def test_a_template_of_another_account_is_not_known(sandbox: RunningSandbox) -> None:
    assert sandbox.business("GET", "/template/info/v2?template_id=302002").json()["error"] == -109


def test_every_listed_template_takes_its_own_sample(sandbox: RunningSandbox) -> None:
    for account in sandbox.accounts()["officialAccounts"]:
        token = account["accessToken"]
        assert [each["name"] for each in account["templates"]] == ["bill", "order", "otp", "promotion"]
        for template in account["templates"]:
            path = f"/template/sample-data?template_id={template['id']}"
            sample = sandbox.business("GET", path, token=token).json()["data"]
            assert list(sample) == template["params"]
            assert sandbox.send(template=template["id"], data=sample, token=token).json()["error"] == 0


def test_the_quota_is_told_in_numbers(sandbox: RunningSandbox) -> None:
    quota = data(sandbox, "/message/quota")
    assert set(quota) == {
        "dailyQuota",
        "remainingQuota",
        "dailyQuotaPromotion",
        "remainingQuotaPromotion",
        "monthlyPromotionQuota",
        "remainingMonthlyPromotionQuota",
        "estimatedNextMonthPromotionQuota",
    }
    assert quota["dailyQuota"] == 100_000_000


def test_tags_and_quality_are_told(sandbox: RunningSandbox) -> None:
    assert data(sandbox, "/message/template-tag") == ["TRANSACTION", "CUSTOMER_CARE", "PROMOTION"]
    assert data(sandbox, "/quality") == {"oaCurrentQuality": "HIGH", "oa7dayQuality": "HIGH"}
