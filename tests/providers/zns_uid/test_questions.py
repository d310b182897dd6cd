"""Of templates this channel asks what ZNS asks, of the account its own host."""

import pytest

from providers.contract import Answer, NotSent, Question, Quota
from providers.zns.adapter import ZNS
from providers.zns_uid.adapter import ZNS_UID
from tests.providers.zns_uid.cases import CONTEXT, CREDENTIALS, reply

OF_TEMPLATES = ("templates", "template", "template_sample", "tags", "quality")


def question(kind: str) -> Question:
    return Question(kind=kind, params={"template_id": "205644"} if kind.startswith("template") else {})


def test_the_questions_are_these() -> None:
    assert ZNS_UID.capabilities.questions == {*OF_TEMPLATES, "connection", "quota"}


@pytest.mark.parametrize("kind", OF_TEMPLATES)
def test_templates_are_asked_for_as_with_zns(kind: str) -> None:
    asked = question(kind)
    assert ZNS_UID.ask(asked, CREDENTIALS, CONTEXT) == ZNS.ask(asked, CREDENTIALS, CONTEXT)


def test_the_connection_is_tried_at_the_accounts_own_host() -> None:
    assert ZNS_UID.ask(question("connection"), CREDENTIALS, CONTEXT).url == "https://openapi.zalo.me/v2.0/oa/getoa"


def test_the_quota_is_that_of_transactions() -> None:
    call = ZNS_UID.ask(question("quota"), CREDENTIALS, CONTEXT)
    assert call.url == "https://openapi.zalo.me/v3.0/oa/quota/message"
    assert call.body == b'{"quota_owner":"OA","product_type":"transaction","quota_type":"sub_quota"}'
    answer = ZNS_UID.answer(question("quota"), reply('{"error":0,"data":[]}'))
    assert answer == Answer(ok=True, data={"quota": Quota(), "purses": []})


@pytest.mark.parametrize(
    ("prices", "price"), [('"price":"300","price_sdt":"300","price_uid":"210"', "210"), ('"price":"300"', "")]
)
def test_a_templates_price_is_that_by_user_id(prices: str, price: str) -> None:
    detail = f'{{"error":0,"data":{{"templateId":205644,"templateName":"paid","status":"ENABLE",{prices}}}}}'
    answer = ZNS_UID.answer(question("template"), reply(detail))
    assert (answer.ok, answer.data.id, answer.data.price) == (True, "205644", price)


@pytest.mark.parametrize("kind", ["template", "quota"])
def test_what_brought_no_answer_says_why(kind: str) -> None:
    answer = ZNS_UID.answer(question(kind), NotSent(reason="refused"))
    assert (answer.ok, answer.reason) == (False, "refused")


def test_an_unknown_question_is_a_key_error() -> None:
    with pytest.raises(KeyError):
        ZNS_UID.ask(question("pigeon"), CREDENTIALS, CONTEXT)
