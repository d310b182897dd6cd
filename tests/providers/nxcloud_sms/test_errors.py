"""Every row of the error table against a table written down apart from it, from nxcloud.md section 6."""

import pytest

from providers.contract import ErrorRow
from providers.nxcloud.errors import ERRORS as ZALO
from providers.nxcloud_sms.errors import ERRORS, query_row_for, row_for

# code: class, scope, retry, tries, failover, days remembered, seconds before the first retry
EXPECTED = """
1    token          channel    never    0  yes        0  0
2    message        message    never    0  no         0  0
3    quota          channel    backoff  3  yes        0  300
4    message        message    never    0  by_policy  0  0
5    message        message    never    0  no         0  0
6    recipient      recipient  never    0  no         0  0
7    message        message    never    0  no         0  0
8    configuration  channel    never    0  yes        0  0
9    token          channel    never    0  yes        0  0
12   configuration  channel    never    0  yes        0  0
13   configuration  channel    never    0  yes        0  0
14   configuration  channel    never    0  yes        0  0
15   configuration  channel    never    0  yes        0  0
16   configuration  channel    never    0  yes        0  0
17   configuration  channel    never    0  yes        0  0
20   configuration  channel    never    0  yes        0  0
21   configuration  channel    never    0  yes        0  0
22   configuration  channel    never    0  yes        0  0
23   configuration  channel    never    0  yes        0  0
24   configuration  channel    never    0  yes        0  0
26   none           message    never    0  no         0  0
27   quota          recipient  backoff  1  yes        0  3600
28   quota          channel    backoff  5  no         0  0
88   transient      message    backoff  3  yes        0  0
99   transient      message    backoff  3  yes        0  0
101  configuration  channel    never    0  yes        0  0
102  configuration  channel    never    0  yes        0  0
103  message        message    never    0  by_policy  0  0
104  message        message    never    0  no         0  0
UNDELIV          recipient      recipient  never    0  yes              0   0
REJECTD          recipient      recipient  never    0  by_policy        0   0
EXPIRED          transient      message    never    0  yes              0   0
DELETED          recipient      recipient  never    0  yes              0   0
DND              recipient      recipient  never    0  not_promotional  90  0
ESME_RINVDSTADR  recipient      recipient  never    0  no               0   0
ESME_RINVSRCADR  configuration  channel    never    0  yes              0   0
UNKNOWN          transient      message    never    0  not_promotional  0   0
query-1          none           message    never    0  no               0   0
query-2          token          channel    never    0  yes              0   0
query-3          none           message    never    0  no               0   0
query-4          none           message    never    0  no               0   0
query-5          quota          message    backoff  2  no               0   60
limit-empty       message  message  never  0  yes  0  0
limit-characters  message  message  never  0  no   0  0
limit-sender      message  message  never  0  yes  0  0
limit-id          message  message  never  0  yes  0  0
"""
TABLE = [line.split() for line in EXPECTED.strip().splitlines()]
# The account's and the signature's codes, proved for the Zalo channel.
SHARED = [
    *("1000", "1001", "1002", "1003", "1004", "1005", "-1", "1100", "1102"),
    *("9000", "9001", "9002", "9003", "9004", "9005", "9999", "http-429"),
]


@pytest.mark.parametrize(
    ("code", "error_class", "scope", "retry", "tries", "failover", "days", "wait"), TABLE, ids=[row[0] for row in TABLE]
)
def test_a_code_means(
    code: str, error_class: str, scope: str, retry: str, tries: str, failover: str, days: str, wait: str
) -> None:
    row = ERRORS[code]
    assert (row.error_class, row.scope, row.retry, row.failover) == (error_class, scope, retry, failover)
    assert (row.tries, row.remember_days, row.retry_seconds) == (int(tries), int(days), int(wait))


def test_the_table_holds_these_codes_and_no_others() -> None:
    assert sorted(ERRORS) == sorted([*(row[0] for row in TABLE), *SHARED])


@pytest.mark.parametrize("code", SHARED)
def test_a_code_of_the_account_means_the_same_as_for_zalo(code: str) -> None:
    assert ERRORS[code] is ZALO[code]


@pytest.mark.parametrize("row", ERRORS.values(), ids=ERRORS.keys())
def test_a_row_tells_a_person_what_it_means_and_what_to_do(row: ErrorRow) -> None:
    assert len(row.meaning) > 5
    assert row.advice.endswith(".")
    assert len(row.advice) > 10


def test_only_an_opt_out_is_remembered() -> None:
    assert [code for code, row in ERRORS.items() if row.remember_days] == ["DND"]


def test_a_small_number_means_something_else_in_a_query() -> None:
    assert (row_for(3).meaning, query_row_for(3).code) == ("The balance is too low", "query-3")


def test_a_number_that_queries_do_not_know_is_read_as_a_sends() -> None:
    assert query_row_for(99) is ERRORS["99"]
