"""Every row of the error table against a table written down apart from it, and codes that mean several things."""

import pytest

from providers.contract import ErrorRow
from providers.oa.errors import ERRORS, row_for
from tests.providers.oa.table import OA_ROWS

OURS = """
limit-template    message    message    never  0  yes        0
limit-user-id     recipient  message    never  0  yes        0
limit-text-empty  message    message    never  0  by_policy  0
limit-text        message    message    never  0  by_policy  0
limit-buttons     message    message    never  0  by_policy  0
limit-button      message    message    never  0  by_policy  0
limit-media       message    message    never  0  by_policy  0
limit-form        message    message    never  0  by_policy  0
limit-window      recipient  message    never  0  yes        0
"""
TABLE = [*OA_ROWS, *(line.split() for line in OURS.strip().splitlines())]


@pytest.mark.parametrize(
    ("code", "error_class", "scope", "retry", "tries", "failover", "days"), TABLE, ids=[row[0] for row in TABLE]
)
def test_a_code_means(
    code: str, error_class: str, scope: str, retry: str, tries: str, failover: str, days: str
) -> None:
    row = ERRORS[code]
    assert (row.error_class, row.scope, row.retry) == (error_class, scope, retry)
    assert (row.tries, row.failover, row.remember_days) == (int(tries), failover, int(days))


def test_the_table_holds_these_codes_and_no_others() -> None:
    assert sorted(ERRORS) == sorted(row[0] for row in TABLE)


@pytest.mark.parametrize("row", ERRORS.values(), ids=ERRORS.keys())
def test_a_row_tells_a_person_what_it_means_and_what_to_do(row: ErrorRow) -> None:
    assert len(row.meaning) > 5
    assert row.advice.endswith(".")
    assert len(row.advice) > 10


def test_a_refusal_of_one_type_is_remembered_for_that_type_only() -> None:
    assert [code for code, row in ERRORS.items() if row.remember_class_only] == ["-244"]


@pytest.mark.parametrize(
    ("code", "text", "found"),
    [
        (-32, "Application has reached the limit of calls per minute", "-32"),
        (-32, "OA has reached the limit of calls per minute", "-32-oa"),
        (-32, "Official Account over limit", "-32-oa"),
        (-32, "Loading limit", "-32"),
        (-100, "attachment_id is expired", "-100"),
        (-100, "Unknown error", "-100-unknown"),
        (-201, "user_id is invalid!", "-201-user"),
        (-201, "User ID is invalid!", "-201-user"),
        (-201, "recipient is invalid!", "-201-user"),
        (-201, "attachment_id is invalid!", "-201"),
        (-201, "", "-201"),
        (-223, "OA has not authorised this API", "-223"),
        (-223, "Quota of article exceeded", "-223-article"),
        (-213, "recipient article OA", "-213"),
    ],
)
def test_an_overloaded_code_is_told_apart_by_its_text(code: int, text: str, found: str) -> None:
    assert row_for(code, text) is ERRORS[found]
