from messaging.models import Due, Message


def test_a_message_is_accepted_as_queued(api, one):
    answer = api.post("/v1/messages", one())
    assert answer.status_code == 202
    (message,) = answer.json()["messages"]
    assert message["to"] == "84987654321"
    assert (message["state"], message["final"]) == ("queued", False)
    assert message["status"]["groupId"] == 1
    assert message["status"]["name"] == "PENDING_ACCEPTED"


def test_a_stored_message_waits_in_its_lane(api, one, tenant):
    api.post("/v1/messages", one())
    message = Message.objects.get(tenant=tenant)
    due = Due.objects.get(message_id=message.id)
    assert (due.tenant_id, due.phase, due.leg, due.due_at) == (tenant.id, 0, 1, message.accepted_at)


def test_a_message_is_read_back_by_the_id_of_the_answer(api, one):
    message_id = api.post("/v1/messages", one()).json()["messages"][0]["messageId"]
    answer = api.get(f"/v1/messages/{message_id}")
    assert answer.status_code == 200
    read = answer.json()
    assert (read["messageId"], read["to"], read["state"]) == (message_id, "84987***321", "queued")
    assert [event["type"] for event in read["events"]] == ["accepted"]
    assert read["legs"] == []
