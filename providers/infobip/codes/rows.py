"""How the rows of each group are made: what the rows of a group have in common is said once, here."""

from collections.abc import Callable, Mapping
from functools import partial

from providers.contract import ErrorClass, ErrorRow, Failover, Retry, Scope

Row = Callable[..., ErrorRow]

recipient: Row = partial(ErrorRow, error_class=ErrorClass.RECIPIENT, scope=Scope.RECIPIENT)
# A refusal is a decision, yet people change their minds: after 90 days the person is tried again.
opted_out: Row = partial(recipient, failover=Failover.NO, remember_days=90)
message: Row = partial(ErrorRow, error_class=ErrorClass.MESSAGE)
content: Row = partial(message, failover=Failover.BY_POLICY)
channel: Row = partial(ErrorRow, error_class=ErrorClass.CONFIGURATION, scope=Scope.CHANNEL)
key: Row = partial(ErrorRow, error_class=ErrorClass.TOKEN, scope=Scope.CHANNEL)
template: Row = partial(ErrorRow, error_class=ErrorClass.CONFIGURATION, scope=Scope.TEMPLATE)
# Where the fault lies in one person's network, the channel goes on for everybody else.
unserved: Row = partial(ErrorRow, error_class=ErrorClass.TOKEN)
coverage: Row = partial(ErrorRow, error_class=ErrorClass.CONFIGURATION)
quota: Row = partial(ErrorRow, error_class=ErrorClass.QUOTA, scope=Scope.CHANNEL)
credit: Row = partial(quota, retry=Retry.BACKOFF, tries=2, retry_seconds=900)
flooding: Row = partial(
    quota, scope=Scope.RECIPIENT, retry=Retry.BACKOFF, tries=1, retry_seconds=3600, failover=Failover.NO
)
passing: Row = partial(ErrorRow, error_class=ErrorClass.TRANSIENT, retry=Retry.BACKOFF)
# The platform has tried for the whole validity already: this report is its last word.
spent: Row = partial(ErrorRow, error_class=ErrorClass.TRANSIENT)
unsure: Row = partial(spent, failover=Failover.NOT_PROMOTIONAL)
aside: Row = partial(ErrorRow, error_class=ErrorClass.NONE, failover=Failover.NO)


def alike(row: Row, named: Mapping[int, str], meaning: str, advice: str) -> dict[int, ErrorRow]:
    """Return by id one row for each name, all with the same meaning and advice."""
    return {number: row(code=name, meaning=meaning, advice=advice) for number, name in named.items()}


def one(row: Row, number: int, name: str, meaning: str, advice: str) -> dict[int, ErrorRow]:
    """Return a single row by its id."""
    return alike(row, {number: name}, meaning, advice)
