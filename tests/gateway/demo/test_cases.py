"""The demo's single messages: whom they go to, what goes wrong for them, and what is said where they end otherwise."""

import io
from typing import Any

import pytest

from gateway.demo.case import Case
from gateway.demo.client import Client
from gateway.demo.customers import read_customers
from gateway.demo.deliveries import deliveries
from gateway.demo.ends import outcomes
from gateway.demo.errors import DemoError
from gateway.demo.failovers import failovers, remembered
from gateway.demo.faults import in_force
from gateway.demo.report import summary
from gateway.demo.sending import Sent
from gateway.demo.watching import HEAD, Rows, Watched
from providers.registry import PROVIDERS
from tests.providers.sandbox.conftest import sandbox, shared_sandbox
from tests.providers.sandbox.running import RunningSandbox

__all__ = ["sandbox", "shared_sandbox"]
KINDS = {kind: {"id": str(n), "kind": kind} for n, kind in enumerate(PROVIDERS)}


@pytest.fixture
def accounts(sandbox: RunningSandbox) -> dict[str, Any]:
    listed: dict[str, Any] = sandbox.call("GET", "/_/accounts").json()
    return listed


@pytest.fixture
def info(accounts: dict[str, Any]) -> dict[str, Any]:
    """What run.json holds of a gateway with a channel and a route of each kind, and a second channel of one."""
    oa = {"oaId": accounts["openapi.zalo.me"]["officialAccounts"][0]["oaId"]}
    channels = {kind: channel | oa for kind, channel in KINDS.items()}
    return {
        "route": "zns",
        "routes": {kind: [kind] for kind in KINDS},
        "templates": {"order": "1"},
        "channels": {**channels, "zns-2": {"id": "99", "kind": "zns", **oa}},
    }


def watched(state: str, final: bool = True) -> Watched:
    case = Case(name="x", route="default", message={"to": "1"}, legs=(("zns", "rejected"), ("sms", "delivered")))
    return Watched(case, Sent(id="m", bulk="b", part="x", to="1", state=state, final=final))


class Answering(Client):
    """A client whose gateway shows one message."""

    def __init__(self, message: dict[str, Any]) -> None:
        super().__init__("http://127.0.0.1:9")
        self._message = message

    def get(self, path: str) -> Any:
        assert path == "/v1/messages/m"
        return self._message


def shown(*legs: dict[str, Any]) -> Answering:
    plain = {"errorCode": None, "reason": None, "cost": None}
    return Answering(
        {
            "to": "84987***321",
            "state": "delivered",
            "acceptedAt": "2026-11-22T01:00:00.000000Z",
            "endedAt": "2026-11-22T01:00:01.250000Z",
            "legs": [plain | leg for leg in legs],
        }
    )


REFUSED = {"channel": "zns", "state": "rejected", "errorCode": "-118", "reason": "RECIPIENT"}
SMS = {"channel": "sms", "state": "delivered", "cost": {"amount": "0.0300", "currency": "USD"}}


def test_every_kind_that_is_seeded_is_shown_once_over_a_route_of_its_own(info, accounts):
    assert [(case.kind, case.route) for case in deliveries(info, accounts)] == [(kind, kind) for kind in PROVIDERS]


def test_each_kind_is_given_a_person_by_an_id_that_it_takes(info, accounts):
    to = {case.kind: case.message["to"] for case in deliveries(info, accounts)}

    follower = accounts["openapi.zalo.me"]["officialAccounts"][0]["followers"][0]
    assert to["zns"] == to["infobip_sms"] == "84961110000"
    assert to["oa"] == to["zns_uid"] == {"oaUserId": follower}
    assert list(to["mini_app"]) == ["miniAppUserId"]


def test_a_mini_apps_person_is_another_one_each_time(info, accounts):
    first, second = deliveries(info, accounts), deliveries(info, accounts)

    people = [case.message["to"] for cases in (first, second) for case in cases if case.kind == "mini_app"]
    assert people[0] != people[1]


def test_a_kind_without_receipts_ends_sent(info, accounts):
    ends = {case.kind: case.ends for case in deliveries(info, accounts)}

    assert ends == {kind: "sent" if kind == "mini_app" else "delivered" for kind in PROVIDERS}


def test_a_kind_that_no_route_leads_over_is_told(info, accounts):
    del info["routes"]["infobip"]

    with pytest.raises(DemoError, match="infobip alone"):
        deliveries(info, accounts)


def test_failovers_go_to_people_whom_the_bulk_does_not_need(info, accounts):
    magic = outcomes(accounts)
    cases = failovers(info, magic)

    others = {case.message["to"] for case in cases} - set(magic)
    assert others.isdisjoint(row["phone"] for row in read_customers())
    assert {fault["to"] for case in cases for fault in case.faults} <= others
    assert remembered(cases, magic) == {case.message["to"] for case in cases} & set(magic)


def test_faults_are_in_force_for_the_demo_alone(info, accounts, sandbox):
    kept = sandbox.call("POST", "/_/faults", {"host": "api.nxcloud.com", "fault": "reset", "to": "84911111111"}).json()
    cases = failovers(info, outcomes(accounts))

    with pytest.raises(DemoError), in_force(Client(f"http://127.0.0.1:{sandbox.port}"), cases):
        during = sandbox.call("GET", "/_/faults").json()
        raise DemoError

    assert len(during) == 1 + sum(len(case.faults) for case in cases)
    assert [fault["id"] for fault in sandbox.call("GET", "/_/faults").json()] == [kept["id"]]


def test_a_row_is_written_when_its_message_has_ended_and_once():
    out, one = io.StringIO(), watched("sent", final=False)
    rows = Rows(shown(REFUSED, SMS), [one], out)

    rows([])
    assert out.getvalue() == ""
    one.sent.state, one.sent.final = "delivered", True
    rows([])
    rows([])
    rows.end()

    assert HEAD.split() == ["message", "to", "route", "ended", "ms", "cost", "legs"]
    (line,) = out.getvalue().splitlines()
    assert line.split(maxsplit=7) == [
        "x", "84987***321", "default", "delivered", "1250", "0.03", "USD", "zns rejected (-118) > sms delivered",
    ]  # fmt: skip
    assert one.kept


def test_costs_in_two_currencies_stand_side_by_side():
    out = io.StringIO()
    vnd = {"channel": "zns", "state": "expired", "cost": {"amount": "200", "currency": "VND"}}
    Rows(shown(vnd, SMS), [watched("delivered")], out).end()

    assert "200 VND + 0.03 USD" in out.getvalue()


@pytest.mark.parametrize(
    ("state", "final", "legs", "told"),
    [
        ("delivered", True, (SMS,), "sms delivered, delivered"),
        ("sent", False, (REFUSED, SMS), "zns rejected > sms delivered, sent"),
        ("queued", False, (), "no leg, queued"),
    ],
    ids=["another way", "not ended", "not left"],
)
def test_what_ends_otherwise_is_marked_and_named(state, final, legs, told):
    out, one = io.StringIO(), watched(state, final)
    Rows(shown(*legs), [one], out).end()

    assert out.getvalue().endswith("  WRONG\n")
    result = summary([one], [], 1.0)
    assert (result["ok"], result["wrong"]) == (
        False, [f"x: zns rejected > sms delivered, delivered expected; {told}"],
    )  # fmt: skip
