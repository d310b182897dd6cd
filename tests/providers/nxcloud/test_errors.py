"""Every row of the error table against a table written down apart from it, from nxcloud.md section 5."""

import pytest

from providers.contract import ErrorClass, ErrorRow
from providers.nxcloud.errors import ERRORS, row_for
from providers.zns.errors import ERRORS as ZNS

# code: class, scope, retry, tries, failover, days remembered, seconds before the first retry
EXPECTED = """
1000   token          channel    never    0  yes        0  0
1001   token          channel    never    0  yes        0  0
1002   message        message    never    0  yes        0  0
1003   token          channel    backoff  2  yes        0  0
1004   transient      channel    backoff  1  yes        0  0
1005   token          channel    never    0  yes        0  0
-1     transient      message    backoff  2  yes        0  0
1100   configuration  channel    never    0  yes        0  0
1102   quota          channel    backoff  3  yes        0  300
9000   message        message    never    0  by_policy  0  0
9001   transient      message    backoff  3  yes        0  0
9002   recipient      recipient  never    0  no         0  0
9003   configuration  channel    never    0  yes        0  0
9004   configuration  channel    never    0  yes        0  0
9005   configuration  channel    never    0  yes        0  0
9999   transient      message    backoff  3  yes        0  0
17001  configuration  template   never    0  yes        0  0
17002  configuration  template   never    0  yes        0  0
17003  none           message    never    0  no         0  0
17004  transient      message    backoff  2  yes        0  0
17005  transient      message    backoff  2  yes        0  0
17006  none           message    never    0  no         0  0
17007  none           message    never    0  no         0  0
1      token          channel    never    0  yes        0  0
http-429          transient      channel  backoff  3  yes  0  0
limit-characters  message        message  never    0  yes  0  0
limit-parameters  message        message  never    0  yes  0  0
limit-webhook     configuration  channel  never    0  yes  0  0
limit-ext         message        message  never    0  yes  0  0
limit-content     message        message  never    0  yes  0  0
limit-mode        message        message  never    0  no   0  0
-100   transient      message    backoff  3  yes        0  0
-101   configuration  channel    never    0  yes        0  0
-102   configuration  channel    never    0  yes        0  0
-103   configuration  channel    never    0  yes        0  0
-104   configuration  channel    never    0  yes        0  0
-105   configuration  channel    never    0  yes        0  0
-106   configuration  channel    never    0  yes        0  0
-107   recipient      message    never    0  no         0  0
-108   recipient      recipient  never    0  no         0  0
-109   configuration  template   never    0  yes        0  0
-110   recipient      recipient  never    0  yes        0  0
-111   message        message    never    0  yes        0  0
-118   recipient      recipient  never    0  yes        30 0
-124   configuration  channel    never    0  yes        0  0
-216   configuration  channel    never    0  yes        0  0
-220   configuration  channel    never    0  yes        0  0
"""
TABLE = [line.split() for line in EXPECTED.strip().splitlines()]
LISTED = {row[0] for row in TABLE}
OTHER_NATIVE = sorted(code for code in ZNS if code.startswith("-") and code not in LISTED)


@pytest.mark.parametrize(
    ("code", "error_class", "scope", "retry", "tries", "failover", "days", "wait"), TABLE, ids=[row[0] for row in TABLE]
)
def test_a_code_means(
    code: str, error_class: str, scope: str, retry: str, tries: str, failover: str, days: str, wait: str
) -> None:
    row = ERRORS[code]
    assert (row.error_class, row.scope, row.retry, row.failover) == (error_class, scope, retry, failover)
    assert (row.tries, row.remember_days, row.retry_seconds) == (int(tries), int(days), int(wait))


def test_the_table_holds_these_codes_and_zalos_own_and_no_others() -> None:
    assert sorted(ERRORS) == sorted({*LISTED, *OTHER_NATIVE})


@pytest.mark.parametrize("code", OTHER_NATIVE)
def test_zalos_other_codes_are_read_as_on_the_direct_channel(code: str) -> None:
    ours, theirs = ERRORS[code], ZNS[code]
    assert (ours.error_class, ours.scope, ours.retry, ours.tries) == (
        *(theirs.error_class, theirs.scope, theirs.retry, theirs.tries),
    )
    assert (ours.failover, ours.remember_days, ours.remember_class_only) == (
        *(theirs.failover, theirs.remember_days, theirs.remember_class_only),
    )


@pytest.mark.parametrize("row", ERRORS.values(), ids=ERRORS.keys())
def test_a_row_tells_a_person_what_it_means_and_what_to_do(row: ErrorRow) -> None:
    assert len(row.meaning) > 5
    assert row.advice.endswith(".")
    assert len(row.advice) > 10


def test_nothing_of_zalos_asks_for_a_token_that_we_do_not_hold() -> None:
    assert not [code for code, row in ERRORS.items() if code[0] == "-" and row.error_class is ErrorClass.TOKEN]


def test_a_row_is_found_by_its_number() -> None:
    assert row_for(17001) is ERRORS["17001"]
