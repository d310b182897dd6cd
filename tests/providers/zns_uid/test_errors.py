"""The table of templates by user id: the host's rows, those of templates, and which counts where both have a code."""

import pytest

from providers.zns.errors import ERRORS as ZNS
from providers.zns_uid.errors import ERRORS, row_for
from tests.providers.oa.table import OA_ROWS
from tests.providers.zns.test_errors import TABLE as ZNS_ROWS

OURS = """
limit-template     message    message  never    0  yes  0
limit-user-id      recipient  message  never    0  yes  0
limit-development  message    message  never    0  no   0
limit-journey      message    message  never    0  yes  0
"""
# Both hosts have -100; here it is the one of templates.
HOST = {row[0]: row for row in OA_ROWS if row[0] not in ("-100", "-100-unknown")}
TEMPLATES = {row[0]: row for row in ZNS_ROWS}
TABLE = list({**TEMPLATES, **HOST, **{line.split()[0]: line.split() for line in OURS.strip().splitlines()}}.values())


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


@pytest.mark.parametrize(
    ("code", "text", "found"),
    [(-201, "user_id is invalid!", "-201-user"), (-32, "OA limit", "-32-oa"), (-1122, "x is missing", "-1122")],
)
def test_a_row_is_found_by_code_and_text(code: int, text: str, found: str) -> None:
    assert row_for(code, text) is ERRORS[found]


def test_minus_a_hundred_is_the_row_of_templates() -> None:
    assert row_for(-100, "Unknown error") is ZNS["-100"]


def test_an_unknown_code_is_kept() -> None:
    assert row_for(-98765).code == "-98765"
