"""Every row of the error table against a table written down apart from it, from zalo-mini-app.md section 4."""

import pytest

from providers.contract import ErrorRow
from providers.mini_app.errors import ERRORS, row_for, row_of_status

# code: class, scope, retry, tries, failover, days remembered
EXPECTED = """
-100  message        message    never    0  yes              0
-101  message        message    never    0  yes              0
-102  configuration  channel    never    0  late             0
-103  quota          channel    backoff  8  late             0
-104  configuration  channel    never    0  late             0
-106  configuration  channel    never    0  late             0
-107  transient      message    backoff  2  yes              0
-108  configuration  channel    never    0  late             0
-109  quota          recipient  next_day 2  not_promotional  0
-110  recipient      recipient  never    0  yes              30
-111  recipient      recipient  never    0  yes              7
-112  configuration  channel    never    0  late             0
-113  configuration  channel    never    0  late             0
-114  configuration  channel    never    0  late             0
-115  configuration  message    never    0  no               0
-116  configuration  message    never    0  no               0
-117  message        message    never    0  no               0
http-400         message        message    never    0  yes              0
http-401         configuration  channel    never    0  late             0
http-403         configuration  channel    never    0  late             0
http-429         quota          channel    backoff  8  late             0
limit-content    message        message    never    0  yes              0
limit-mode       message        message    never    0  no               0
limit-user       recipient      recipient  never    0  yes              0
limit-field      message        message    never    0  yes              0
gate-opt-in      recipient      recipient  never    0  yes              0
gate-visit       recipient      recipient  never    0  yes              0
gate-facts       message        message    never    0  yes              0
gate-person-day  quota          recipient  next_day 2  not_promotional  0
gate-app-day     quota          channel    next_day 2  late             0
"""
TABLE = [line.split() for line in EXPECTED.strip().splitlines()]


@pytest.mark.parametrize(
    ("code", "error_class", "scope", "retry", "tries", "failover", "days"), TABLE, ids=[row[0] for row in TABLE]
)
def test_a_code_means(
    code: str, error_class: str, scope: str, retry: str, tries: str, failover: str, days: str
) -> None:
    row = ERRORS[code]
    assert (row.error_class, row.scope, row.retry, row.failover) == (error_class, scope, retry, failover)
    assert (row.tries, row.remember_days, row.retry_seconds) == (int(tries), int(days), 0)


def test_the_table_holds_these_codes_and_no_others() -> None:
    assert sorted(ERRORS) == sorted(row[0] for row in TABLE)


@pytest.mark.parametrize("row", ERRORS.values(), ids=ERRORS.keys())
def test_a_row_tells_a_person_what_it_means_and_what_to_do(row: ErrorRow) -> None:
    assert len(row.meaning) > 5
    assert row.advice.endswith(".")
    assert len(row.advice) > 10


def test_what_is_remembered_is_kept_to_the_account_and_holds_for_all_classes() -> None:
    remembered = [row for row in ERRORS.values() if row.remember_days]
    assert sorted(row.code for row in remembered) == ["-110", "-111"]
    assert not any(row.remember_kind or row.remember_class_only for row in remembered)


def test_a_row_is_found_by_its_number_or_its_status() -> None:
    assert row_for(-111) is ERRORS["-111"]
    assert row_of_status(401) is ERRORS["http-401"]
    assert row_of_status(500) is None
