"""What refuses settings or keys stops the channel and alerts; a message tries it again, and it goes on by itself."""

from collections.abc import Iterator

import pytest

from gateway.stack import Stack
from tests.providers.sandbox.running import eventually
from tests.stack.client import Client
from tests.stack.ways.cases import Case, refused_keys, stopping
from tests.stack.ways.running import Found, Ways
from tests.stack.ways.wires import WIRES

pytestmark = pytest.mark.slow
SETTINGS, KEYS = stopping(), refused_keys()
RENEWED = [case for case in KEYS if case.kind in ("zns", "zns_uid", "oa")]
# Two refusals in a row: the first token, and the one it was renewed to.
RENEWED_IN_VAIN = Case(
    kind="zns", name="A twice", end="delivered", calls=3, fault={**(RENEWED[0].fault or {}), "times": 2}
)
VALID = 90
_ALERTS = "SELECT kind, detail->>'code', ended_at IS NOT NULL FROM tenants_alert WHERE key = %s ORDER BY id"
_STATE = "SELECT state FROM tenants_channel WHERE id = %s"
Opened = dict[str, dict[str, str]]


class Stops:
    """What came of the cases of both tenants, and what was told of their channels."""

    def __init__(self, stack: Stack, opened: Opened) -> None:
        self.client, self.opened = Client(stack.info), opened
        self.client.forget_requests()
        self.settings = Ways(self.client, stack.info["apiKey"], opened["demo"]["oaId"], "8496")
        self.keys = Ways(self.client, stack.info["otherTenantApiKey"], opened["other"]["oaId"], "8495")

    def run(self) -> None:
        """Let all happen at once, but for renewals of the one token that three channels share."""
        for case in [*SETTINGS]:
            self.settings.send([case], VALID)
        for case in KEYS:
            if case not in RENEWED:
                self.keys.send([case], VALID)
        for case in [*RENEWED, RENEWED_IN_VAIN]:
            assert self.client.wait_for_ends([self.keys.send([case], VALID)], VALID)
        assert self.client.wait_for_ends([*self.settings.bulks, *self.keys.bulks], VALID)

    def alerts(self, tenant: str, case: Case) -> list[tuple[str, str, bool]]:
        """Return kind, code and whether it is over of every alert about the channel of a case."""
        return self.client.sql(_ALERTS, f"channel:{self.opened[tenant][case.kind]}")

    def state(self, tenant: str, case: Case) -> str:
        """Return the state of the channel of a case."""
        return str(self.client.sql(_STATE, int(self.opened[tenant][case.kind]))[0][0])


@pytest.fixture(scope="module")
def stops(stack: Stack, opened: Opened) -> Iterator[Stops]:
    stops = Stops(stack, opened)
    stops.run()
    yield stops
    stops.client.call(stack.info["sandbox"], "DELETE", "/_/faults")


@pytest.fixture(scope="module")
def found(stops: Stops) -> dict[str, Found]:
    return {f"demo {id}": one for id, one in stops.settings.found().items()} | {
        f"other {id}": one for id, one in stops.keys.found().items()
    }


def code(case: Case) -> str:
    fault, wire = case.fault or {}, WIRES[case.kind]
    return f"HTTP_{fault['status']}" if wire.by_status else str(fault["code"])


@pytest.mark.parametrize("case", SETTINGS, ids=[case.id for case in SETTINGS])
def test_refused_settings_stop_the_channel_until_a_message_passes(stops: Stops, found: dict[str, Found], case: Case):
    one = found[f"demo {case.id}"]
    assert (one.end, one.calls, one.legs) == (case.end, 2, 1), one
    alerts = [("channel_stopped", code(case), True)]
    assert eventually(lambda: stops.alerts("demo", case) == alerts), stops.alerts("demo", case)
    assert stops.state("demo", case) == "active"


@pytest.mark.parametrize("case", KEYS, ids=[case.id for case in KEYS])
def test_a_refused_token_is_renewed_and_a_refused_key_stops_the_channel(
    stops: Stops, found: dict[str, Found], case: Case
):
    one = found[f"other {case.id}"]
    assert (one.end, one.calls, one.legs) == (case.end, 2, 1), one
    told = [stopped_by for _, stopped_by, _ in stops.alerts("other", case)]
    # The channel of phone numbers was refused a second time by the case below.
    assert told == ([code(case)] if case not in RENEWED or case.kind == RENEWED_IN_VAIN.kind else [])
    assert eventually(lambda: stops.state("other", case) == "active")


def test_a_token_refused_again_after_its_renewal_stops_the_channel(stops: Stops, found: dict[str, Found]):
    one = found[f"other {RENEWED_IN_VAIN.id}"]
    assert (one.end, one.calls, one.legs) == ("delivered", 3, 1), one
    alerts = [("channel_stopped", "-124", True)]
    assert eventually(lambda: stops.alerts("other", RENEWED_IN_VAIN) == alerts)
