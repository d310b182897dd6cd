"""Every row of the error table against a table written down apart from it, from zalo-zns-oa.md section 8.1."""

import pytest

from providers.contract import ErrorRow
from providers.zns.errors import ERRORS, row_for

# code: class, scope, retry, tries, failover, days remembered
EXPECTED = """
-32    quota          channel    next_minute    60  late             0
-100   transient      message    backoff        3   yes              0
-101   configuration  channel    never          0   yes              0
-102   configuration  channel    never          0   yes              0
-103   configuration  channel    never          0   yes              0
-104   configuration  channel    never          0   yes              0
-105   configuration  channel    never          0   yes              0
-106   configuration  channel    never          0   yes              0
-107   none           message    never          0   yes              0
-108   recipient      recipient  never          0   yes              0
-109   configuration  template   never          0   yes              0
-1091  none           message    never          0   yes              0
-110   recipient      recipient  never          0   yes              0
-111   message        message    never          0   by_policy        0
-112   message        message    never          0   by_policy        0
-1121  message        message    never          0   by_policy        0
-1122  message        message    never          0   by_policy        0
-1123  message        message    never          0   by_policy        0
-1124  message        message    never          0   by_policy        0
-113   message        message    never          0   yes              0
-1131  message        message    never          0   yes              0
-114   recipient      recipient  never          0   yes              0
-115   configuration  channel    never          0   yes              0
-116   message        message    never          0   yes              0
-117   configuration  template   never          0   yes              0
-118   recipient      recipient  never          0   yes              30
-119   recipient      recipient  never          0   yes              0
-120   configuration  channel    never          0   yes              0
-1201  none           message    never          0   yes              0
-1202  none           message    never          0   yes              0
-121   message        message    never          0   yes              0
-122   message        message    never          0   yes              0
-123   message        message    never          0   yes              0
-124   token          channel    refresh_token  1   yes              0
-1241  configuration  channel    never          0   yes              0
-125   configuration  channel    never          0   yes              0
-126   configuration  message    never          0   no               0
-127   configuration  message    never          0   no               0
-128   configuration  channel    never          0   yes              0
-129   configuration  channel    never          0   yes              0
-130   message        message    never          0   yes              0
-131   configuration  template   never          0   yes              0
-132   message        message    never          0   by_policy        0
-133   quota          template   morning        2   late             0
-134   recipient      recipient  never          0   yes              0
-135   configuration  channel    never          0   yes              0
-1351  configuration  channel    never          0   yes              0
-136   configuration  channel    never          0   yes              0
-137   configuration  channel    backoff        2   yes              0
-138   configuration  channel    never          0   yes              0
-1381  configuration  channel    never          0   yes              0
-139   recipient      recipient  never          0   not_promotional  90
-140   recipient      recipient  never          0   not_promotional  0
-141   recipient      recipient  never          0   not_promotional  90
-142   none           message    never          0   yes              0
-143   none           message    never          0   yes              0
-144   quota          channel    next_day       2   late             0
-1441  quota          template   next_month     1   no               0
-145   configuration  template   never          0   yes              0
-146   configuration  template   never          0   yes              0
-147   quota          template   next_day       2   late             0
-1471  quota          recipient  next_month     1   no               0
-1472  quota          recipient  next_day       2   no               0
-148   message        message    never          0   yes              0
-149   message        message    never          0   yes              0
-1491  message        message    never          0   yes              0
-150   message        message    never          0   yes              0
-151   message        message    never          0   yes              0
-152   message        message    never          0   yes              0
-153   message        message    never          0   by_policy        0
-158   none           message    never          0   yes              0
-159   none           message    never          0   yes              0
-160   none           message    never          0   yes              0
-161   message        message    never          0   yes              0
-162   message        message    never          0   yes              0
-216   token          channel    refresh_token  1   yes              0
-220   token          channel    refresh_token  1   yes              0
http-429  transient   channel    backoff        3   yes              0
"""
TABLE = [line.split() for line in EXPECTED.strip().splitlines()]


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


def test_a_row_is_found_by_its_number() -> None:
    assert row_for(-118) is ERRORS["-118"]


def test_a_refusal_of_one_type_is_remembered_for_that_type_only() -> None:
    assert [code for code, row in ERRORS.items() if row.remember_class_only] == ["-139"]


def test_only_a_failed_charge_asks_for_a_wait_of_its_own() -> None:
    assert {code: row.retry_seconds for code, row in ERRORS.items() if row.retry_seconds} == {"-137": 900}
