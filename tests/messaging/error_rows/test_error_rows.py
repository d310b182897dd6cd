"""Every row of every error table: the bytes that tell it, through adapter and engine, to what it does to a message."""

from collections.abc import Iterator
from datetime import timedelta

import pytest

from providers.contract import ErrorClass
from providers.infobip.errors import ERRORS as INFOBIP
from providers.registry import PROVIDERS
from tenants.clock import now
from tests.messaging.clock import moved
from tests.messaging.error_rows.answers import ANSWERS
from tests.messaging.error_rows.reports import REPORTS
from tests.messaging.error_rows.running import House, run_answers, run_reports
from tests.messaging.error_rows.table import Row, read
from tests.messaging.error_rows.wires import answered, reported
from tests.messaging.world import World

# Refused before any call, or answers to other calls than sends.
NEVER_TOLD = ("limit-", "gate-", "LOCAL_", "query-")


@pytest.fixture(autouse=True)
def tomorrow_begins_no_month(world: World) -> Iterator[None]:
    """Where it would, tomorrow and next month could not be told apart."""
    day = timedelta(days=1)
    with moved(day if (now() + timedelta(hours=7) + day).day == 1 else timedelta(0)):
        yield


def by_code(rows: list[Row]) -> dict[str, Row]:
    return {row.code: row for row in rows}


@pytest.mark.parametrize("kind", ANSWERS)
def test_what_an_answer_does(world: World, kind: str):
    expected = read(ANSWERS[kind])
    found = run_answers(House(world), expected, lambda code, leg: answered(kind, code, leg))
    assert by_code(found) == by_code(expected)


@pytest.mark.parametrize("kind", REPORTS)
def test_what_a_report_does(world: World, kind: str):
    expected = read(REPORTS[kind])
    found = run_reports(House(world), expected, kind, lambda code, leg: reported(kind, code, leg))
    assert by_code(found) == by_code(expected)


@pytest.mark.parametrize("kind", [*ANSWERS, "infobip_sms"])
def test_no_row_of_the_product_is_left_out(kind: str):
    told = {row.code for tables in (ANSWERS, REPORTS) for row in read(tables.get(kind.removesuffix("_sms"), ""))}
    told |= {row.code for tables in (ANSWERS, REPORTS) for row in read(tables.get(kind, ""))}
    lacking = {code for code in PROVIDERS[kind].errors if code not in told and not code.startswith(NEVER_TOLD)}
    by_id = {code for code in lacking if code.startswith("EC_")}
    assert lacking - by_id <= {"HTTP_400_BATCH"}
    assert len(by_id) == (len({row.code for row in read(REPORTS["infobip"]) if row.code.isdigit()}) - 2) * bool(by_id)


def test_one_code_is_kept_to_its_class_over_both_channels_of_infobip():
    assert {code: row for code, row in PROVIDERS["infobip_sms"].errors.items() if code in INFOBIP} == {
        code: row for code, row in INFOBIP.items() if code in PROVIDERS["infobip_sms"].errors
    }


def test_only_persons_are_remembered():
    for kind in PROVIDERS:
        rows = PROVIDERS[kind].errors.values()
        assert {row.error_class for row in rows if row.remember_days} <= {ErrorClass.RECIPIENT}
