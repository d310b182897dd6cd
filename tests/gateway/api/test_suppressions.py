"""Opt-outs over the API: added, listed masked, lifted, and never another tenant's."""

from datetime import timedelta
from typing import Any

from messaging.models import RecipientMark
from messaging.recipients.marks import Reach, Refusal, remember, suppress
from tenants import clock
from tests.gateway.api.conftest import Api

PHONE, MASKED = "84987654321", "84987***321"


def listed(api: Api, query: str = "") -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = api.get(f"/v1/suppressions{query}").json()["suppressions"]
    return rows


def problems(answer: Any) -> list[tuple[str, str]]:
    assert answer.status_code == 422
    return [(error["field"], error["code"]) for error in answer.json()["errors"]]


def test_an_opt_out_is_listed_with_its_reach_and_a_masked_number(api):
    until = (clock.now() + timedelta(days=1)).isoformat()
    body = {"to": ["0987654321"], "class": "promotional", "channelKind": "zns", "until": until, "note": "by phone"}
    answer = api.post("/v1/suppressions", body)
    assert (answer.status_code, answer.json()) == (201, {"count": 1})
    (row,) = listed(api)
    assert (row["to"], row["kind"], row["reason"], row["note"]) == (MASKED, "suppression", "OPT_OUT", "by phone")
    assert (row["class"], row["channelKind"], row["channels"]) == ("promotional", "zns", [])
    assert row["until"] is not None


def test_ten_thousand_numbers_are_one_call_and_one_more_is_refused(api):
    numbers = [f"09{n:08}" for n in range(70_000_000, 70_010_001)]
    assert problems(api.post("/v1/suppressions", {"to": numbers}))[0][0] == "to"
    assert api.post("/v1/suppressions", {"to": numbers[:10_000]}).json() == {"count": 10_000}
    assert RecipientMark.objects.count() == 10_000


def test_a_number_in_two_writings_counts_once(api):
    assert api.post("/v1/suppressions", {"to": ["0987654321", "+84 987 654 321"]}).json() == {"count": 1}


def test_one_bad_number_stops_the_whole_call_and_is_named(api):
    assert problems(api.post("/v1/suppressions", {"to": ["0987654321", "12"]})) == [("to[1]", "invalid")]
    assert not RecipientMark.objects.exists()


def test_bad_fields_are_named(api):
    body = {"to": ["0987654321"], "class": "urgent", "channelKind": "pigeon", "until": "2020-01-01T00:00:00Z"}
    assert sorted(problems(api.post("/v1/suppressions", body | {"colour": "red"}))) == [
        ("channelKind", "invalid"),
        ("class", "invalid"),
        ("colour", "unknown"),
        ("until", "in_the_past"),
    ]


def test_pages_go_on_by_keyset_newest_first(api, tenant):
    for n in range(3):
        suppress(tenant.pk, [f"8498700000{n}"])
    first = api.get("/v1/suppressions?limit=2").json()
    second = api.get(first["next"]).json()
    shown = [row["to"] for row in first["suppressions"] + second["suppressions"]]
    assert shown == ["84987***002", "84987***001", "84987***000"]
    assert second["next"] is None


def test_a_number_finds_its_opt_out(api, tenant):
    suppress(tenant.pk, [PHONE, "84987000001"])
    assert [row["to"] for row in listed(api, "?to=0987654321")] == [MASKED]


def test_an_opt_out_that_is_over_is_not_listed(api, tenant):
    suppress(tenant.pk, [PHONE], until=clock.now() - timedelta(seconds=1))
    assert listed(api) == []


def test_lifting_by_number_takes_every_reach_and_leaves_memories(api, tenant, one):
    message = api.post("/v1/messages", one()).json()["messages"][0]["messageId"]
    remember([Refusal(message, "-118", "no Zalo", 7, Reach(channel_kind="zns"))])
    suppress(tenant.pk, [PHONE])
    suppress(tenant.pk, [PHONE], Reach(channel_kind="zns"))
    assert api.delete("/v1/suppressions?to=0987654321").json() == {"count": 2}
    assert [mark["kind"] for mark in api.get("/v1/recipients/0987654321").json()["marks"]] == ["memory"]


def test_lifting_by_id_takes_one_and_is_not_found_again(api, tenant):
    suppress(tenant.pk, [PHONE])
    path = f"/v1/suppressions/{listed(api)[0]['id']}"
    assert api.delete(path).json() == {"count": 1}
    assert api.delete(path).status_code == 404


def test_another_tenants_opt_out_is_neither_seen_nor_lifted(api, other_api, tenant):
    suppress(tenant.pk, [PHONE])
    assert listed(other_api) == []
    assert other_api.delete("/v1/suppressions?to=0987654321").json() == {"count": 0}
    assert len(listed(api)) == 1


def test_lifting_needs_a_number(api):
    assert problems(api.delete("/v1/suppressions")) == [("to", "required")]
