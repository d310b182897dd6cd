from datetime import timedelta

import pytest

from messaging.models import Due, Leg, Message, TimelineEvent
from messaging.queries import listing
from messaging.states import Phase, State
from tenants import clock
from tests import factories
from tests.gateway.api.conftest import Api


@pytest.fixture
def sent(api, one):
    """Send messages and return their ids as the API gave them."""

    def send(count=1, **options):
        body = {"messages": [one(reference=f"r{n}")["messages"][0] for n in range(count)]}
        answer = api.post("/v1/messages", body | ({"options": options} if options else {})).json()
        return answer["bulkId"], [message["messageId"] for message in answer["messages"]]

    return send


def pages(api: Api, path: str | None) -> list[list[str]]:
    """Return all pages of a list, following `next`."""
    found: list[list[str]] = []
    while path:
        page = api.get(path).json()
        found.append([message["messageId"] for message in page["messages"]])
        path = page["next"]
    return found


def flat(found: list[list[str]]) -> list[str]:
    """Return the pages as one."""
    return [name for page in found for name in page]


def test_a_bulk_is_listed_oldest_first_completely_and_once(api, sent):
    bulk_id, ids = sent(25)
    sent(3)
    found = pages(api, f"/v1/messages?bulkId={bulk_id}&limit=10")
    assert [len(page) for page in found] == [10, 10, 5]
    assert flat(found) == ids


def test_all_messages_are_listed_newest_first_completely_and_once(api, sent):
    ids = [sent()[1][0] for _ in range(7)]
    found = pages(api, "/v1/messages?limit=3")
    assert [len(page) for page in found] == [3, 3, 1]
    assert flat(found) == ids[::-1]


def test_a_page_that_fits_exactly_is_the_last(api, sent):
    bulk_id, _ = sent(10)
    assert api.get(f"/v1/messages?bulkId={bulk_id}&limit=10").json()["next"] is None


def test_messages_that_arrive_meanwhile_do_not_disturb_a_list(api, sent):
    ids = [sent()[1][0] for _ in range(4)]
    first = api.get("/v1/messages?limit=2").json()
    sent(5)
    assert [m["messageId"] for m in first["messages"]] + flat(pages(api, first["next"])) == ids[::-1]


def test_a_state_is_found_in_short_pages_without_loss(api, sent, monkeypatch):
    monkeypatch.setattr(listing, "MOST_LOOKED_AT", 4)
    bulk_id, ids = sent(20)
    chosen = Message.objects.filter(reference__in=["r3", "r11", "r19"])
    chosen.update(state=State.DELIVERED, ended_at=clock.now())
    found = flat(pages(api, f"/v1/messages?bulkId={bulk_id}&state=delivered&limit=2"))
    assert found == [ids[3], ids[11], ids[19]]


def test_a_leased_message_is_sending(api, sent):
    _, (a, b) = sent(2)
    Due.objects.filter(message_id=a).update(phase=Phase.SENDING)
    assert pages(api, "/v1/messages?state=sending") == [[a]]
    assert pages(api, "/v1/messages?state=queued") == [[b]]
    read = api.get(f"/v1/messages/{a}").json()
    assert (read["state"], read["final"], read["status"]["groupName"]) == ("sending", False, "PENDING")


@pytest.mark.parametrize("to", ["0987000001", "84987000001", "%2B84987000001", "+84987000001"])
def test_a_recipient_is_found_by_any_writing(api, one, to):
    wanted = api.post("/v1/messages", one(to="0987000001")).json()["messages"][0]["messageId"]
    api.post("/v1/messages", one(to="0987000002"))
    assert pages(api, f"/v1/messages?to={to}") == [[wanted]]


def test_reference_entity_and_time_narrow_a_list(api, one, sent):
    sent(2)
    body = one(reference="mine") | {"options": {"platform": {"entityId": "e1"}}}
    wanted = api.post("/v1/messages", body).json()["messages"][0]["messageId"]
    accepted = Message.objects.get(reference="mine").accepted_at
    after = (accepted + timedelta(microseconds=1)).isoformat().replace("+", "%2B")
    assert pages(api, "/v1/messages?reference=mine") == [[wanted]]
    assert pages(api, "/v1/messages?entityId=e1") == [[wanted]]
    assert pages(api, f"/v1/messages?acceptedFrom={accepted.isoformat()}") == [[wanted]]
    assert pages(api, f"/v1/messages?acceptedFrom={after}") == [[]]
    assert wanted not in flat(pages(api, f"/v1/messages?acceptedTo={accepted.isoformat()}"))


@pytest.mark.parametrize(
    "query",
    ["state=lost", "bulkId=x", "to=abc", "limit=0", "limit=1001", "limit=x", "acceptedFrom=2026-01-01T00:00:00",
     "after=x", "colour=red", "reference="],
)  # fmt: skip
def test_a_bad_parameter_is_named(api, query):
    answer = api.get(f"/v1/messages?{query}")
    assert answer.status_code == 422
    assert [error["field"] for error in answer.json()["errors"]] == [query.split("=")[0]]


def test_a_bulk_of_another_tenant_is_empty(other_api, sent):
    bulk_id, _ = sent()
    assert other_api.get(f"/v1/messages?bulkId={bulk_id}").json() == {"messages": [], "next": None}


def test_a_message_is_found_by_own_id_hex_and_dashed_id(api, one):
    api.post("/v1/messages", one(messageId="own:1.a-b_c"))
    id = Message.objects.get().id
    for name in ("own:1.a-b_c", id.hex, str(id), id.hex.upper()):
        assert api.get(f"/v1/messages/{name}").json()["messageId"] == "own:1.a-b_c"


@pytest.mark.parametrize("name", ["nothing", "0" * 32, "%00", "x" * 300, "%ff", "é"])
def test_what_is_no_message_is_404(api, name):
    assert api.get(f"/v1/messages/{name}").status_code == 404


def test_a_message_shows_its_legs_and_timeline(api, sent, tenant):
    _, (name,) = sent()
    row = Message.objects.get()
    at = clock.now()
    Leg.objects.create(
        message_id=row.id, n=1, tenant_id=tenant.id, channel_id=tenant.channels.get().id, state=State.SENT, attempts=2,
        provider_message_id="z1", sent_at=at, cost="300", currency="VND",
    )  # fmt: skip
    TimelineEvent.objects.create(
        message_id=row.id, n=1, tenant_id=tenant.id, at=at, type="sent", reason="", detail={"ms": 12}
    )
    Message.objects.update(state=State.SENT, legs=1, events=1)
    read = api.get(f"/v1/messages/{name}").json()
    (leg,) = read["legs"]
    assert (leg["channel"], leg["state"], leg["attempts"]) == ("zns", "sent", 2)
    assert leg["cost"] == {"amount": "300.0000", "currency": "VND"}
    assert [(event["type"], event["detail"]) for event in read["events"]] == [("accepted", None), ("sent", {"ms": 12})]
    assert read["status"]["name"] == "PENDING_WAITING_DELIVERY"


@pytest.mark.parametrize(
    ("state", "group"),
    [
        (State.DELIVERED, "DELIVERED"),
        (State.SEEN, "DELIVERED"),
        (State.REJECTED, "REJECTED"),
        (State.UNDELIVERABLE, "UNDELIVERABLE"),
        (State.EXPIRED, "EXPIRED"),
        (State.CANCELLED, "REJECTED"),
    ],
)
def test_an_end_is_final_and_has_its_group(api, sent, state, group):
    _, (name,) = sent()
    Message.objects.update(state=state, ended_at=clock.now())
    read = api.get(f"/v1/messages/{name}").json()
    assert (read["state"], read["final"], read["status"]["groupName"]) == (state.word, True, group)


def test_a_look_in_clear_shows_all_and_leaves_a_trace(api, sent):
    _, (name,) = sent()
    read = api.get(f"/v1/messages/{name}?reveal=true").json()
    assert (read["to"], read["templateData"]) == ("84987654321", {"customer": "An"})
    assert [event["type"] for event in read["events"]] == ["accepted", "revealed"]


def test_without_it_nothing_is_in_clear(api, sent):
    _, (name,) = sent()
    for path in (f"/v1/messages/{name}", "/v1/messages"):
        shown = api.get(path).content.decode()
        assert "84987654321" not in shown
        assert "templateData" not in shown


def test_an_erased_content_reads_as_null(api, sent):
    _, (name,) = sent()
    Message.objects.update(recipient=None, content=None)
    read = api.get(f"/v1/messages/{name}?reveal=true").json()
    assert (read["to"], read["templateData"]) == (None, None)


def test_a_waiting_message_is_cancelled(api, sent):
    _, (name,) = sent()
    answer = api.post(f"/v1/messages/{name}/cancel")
    assert answer.status_code == 200
    read = answer.json()
    assert (read["state"], read["final"], read["reason"]) == ("cancelled", True, "CANCELLED")
    assert [event["type"] for event in read["events"]] == ["accepted", "cancelled"]
    assert not Due.objects.exists()


def test_a_scheduled_message_is_cancelled(api, sent):
    _, (name,) = sent(1, sendAt=(clock.now() + timedelta(days=30)).isoformat())
    assert api.post(f"/v1/messages/{name}/cancel").status_code == 200


def test_a_message_under_way_is_not_cancelled(api, sent):
    _, (name,) = sent()
    Due.objects.update(phase=Phase.SENDING)
    answer = api.post(f"/v1/messages/{name}/cancel")
    assert (answer.status_code, answer.json()["type"].rsplit(":")[-1]) == (409, "already-left")
    assert Due.objects.count() == 1


def test_an_ended_message_is_not_cancelled(api, sent):
    _, (name,) = sent()
    api.post(f"/v1/messages/{name}/cancel")
    answer = api.post(f"/v1/messages/{name}/cancel")
    assert (answer.status_code, answer.json()["type"].rsplit(":")[-1]) == (409, "already-ended")


def test_a_cancelled_password_is_erased(tenant, one):
    otp = factories.TemplateFactory.create(tenant=tenant, code="otp", message_class=1)
    factories.TemplateMappingFactory.create(template=otp, channel=tenant.channels.get())
    api = Api(factories.api_key(tenant).token)
    name = api.post("/v1/messages", one(templateId="otp")).json()["messages"][0]["messageId"]
    api.post(f"/v1/messages/{name}/cancel")
    assert Message.objects.get().content is None
