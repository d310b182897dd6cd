"""POST /v1/messages/preview: the way of each message, masked, storing nothing."""

from messaging.models import Message


def test_a_preview_tells_way_time_and_cost(api, tenant, one):
    tenant.templates.update(price="300")
    answer = api.post("/v1/messages/preview", one())
    assert answer.status_code == 200
    (way,) = answer.json()["messages"]
    assert (way["to"], way["templateId"], way["class"], way["fate"]) == (
        "84987***321",
        "bill",
        "transactional",
        "sends",
    )
    assert (way["channel"], way["cost"]) == ("zns", {"amount": "300", "currency": "VND"})
    assert [step["fate"] for step in way["steps"]] == ["sends"]
    assert not Message.objects.exists()


def test_bad_fields_are_named_as_by_a_send(api, one):
    answer = api.post("/v1/messages/preview", one(templateId="nothing"))
    assert answer.status_code == 422
    assert [error["field"] for error in answer.json()["errors"]] == ["messages[0].templateId"]
