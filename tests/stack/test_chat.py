"""A person of the sandbox writes to the official account; the gateway hears and answers, by user id too."""

import pytest

from tests.providers.sandbox.running import BUSINESS, OA, eventually
from tests.stack.client import Client

pytestmark = pytest.mark.slow
LINES = """
SELECT line.inbound, line.kind, line.message_id IS NOT NULL FROM chat_line line JOIN tenants_account account
ON account.id = line.account_id JOIN tenants_tenant tenant ON tenant.id = account.tenant_id
WHERE tenant.slug = %s ORDER BY line.at
"""


def test_a_person_writes_and_is_answered_and_gets_a_template(client: Client):
    oa_id = client.info["channels"]["oa"]["oaId"]
    user = f"675{oa_id[-5:]}84912000077"
    told = {"host": OA, "oaId": oa_id, "userId": user, "says": "Xin chào"}
    client.call(client.info["sandbox"], "POST", "/_/people", told)
    assert eventually(lambda: client.sql(LINES, client.info["tenant"]) == [(True, "text", False)], 20)

    order = client.info["templates"]["order"]
    accounts = client.call(client.info["sandbox"], "GET", "/_/accounts")[BUSINESS]
    names = next(known["params"] for known in accounts["templates"] if known["id"] == order)
    answer = {"to": {"oaUserId": user}, "content": {"type": "TEXT", "text": "Chào bạn"}}
    template = {"to": {"oaUserId": user}, "templateId": order, "templateData": dict.fromkeys(names, "1")}
    bulks = [
        client.api("POST", "/v1/messages", {"messages": [message], "options": {"route": route}})["bulkId"]
        for message, route in ((answer, "oa"), (template, "zns_uid"))
    ]

    assert client.wait_for_ends(bulks, 30)
    assert [client.states(bulk) for bulk in bulks] == [{"delivered": 1}, {"delivered": 1}]
    assert (False, "text", True) in client.sql(LINES, client.info["tenant"])
