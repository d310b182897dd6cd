"""Over every kind of channel, sockets and processes all real: no message is lost, none leaves twice on one leg."""

from collections.abc import Iterator
from functools import partial

import pytest

from gateway.stack import Stack
from tests.providers.sandbox.running import eventually
from tests.stack.client import Client
from tests.stack.ways.cases import Case, cases
from tests.stack.ways.running import Found, Ways
from tests.stack.ways.wires import WIRES

pytestmark = pytest.mark.slow
ALL = cases()
VALID = 16


@pytest.fixture(scope="module")
def found(stack: Stack, opened: dict[str, dict[str, str]]) -> Iterator[dict[str, Found]]:
    """What came of every case, all of them at once."""
    client = Client(stack.info)
    client.forget_requests()
    ways = Ways(client, stack.info["otherTenantApiKey"], opened["other"]["oaId"], "8497")
    for kind in WIRES:
        ways.send([case for case in ALL if case.kind == kind], VALID)
    for case in ALL:
        if case.end == "seen":
            assert eventually(partial(ways.see, case), 30)
    assert client.wait_for_ends(ways.bulks, 90)
    # Expired messages that a late receipt lifts, have ended before.
    ends = {case.id: case.end for case in ALL}
    eventually(lambda: {id: one.end for id, one in ways.found().items()} == ends, 15)
    yield ways.found()
    client.call(stack.info["sandbox"], "DELETE", "/_/faults")


@pytest.mark.parametrize("case", ALL, ids=[case.id for case in ALL])
def test_a_message_ends_as_its_case_says_after_exactly_so_many_calls(found: dict[str, Found], case: Case):
    one = found[case.id]
    assert (one.end, one.calls, one.legs) == (case.end, case.calls, 1), one


@pytest.mark.parametrize("case", ALL, ids=[case.id for case in ALL])
def test_its_end_is_told_once(found: dict[str, Found], case: Case):
    assert found[case.id].events.count(found[case.id].events[-1]) == 1, found[case.id]
