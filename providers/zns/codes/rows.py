"""How the rows of each group of codes are made: what the rows of a group have in common is said once, here."""

from collections.abc import Callable
from functools import partial

from providers.contract import ErrorClass, ErrorRow, Failover, Retry, Scope

Row = Callable[..., ErrorRow]

recipient: Row = partial(ErrorRow, error_class=ErrorClass.RECIPIENT, scope=Scope.RECIPIENT)
message: Row = partial(ErrorRow, error_class=ErrorClass.MESSAGE)
content: Row = partial(message, failover=Failover.BY_POLICY)
channel: Row = partial(ErrorRow, error_class=ErrorClass.CONFIGURATION, scope=Scope.CHANNEL)
template: Row = partial(ErrorRow, error_class=ErrorClass.CONFIGURATION, scope=Scope.TEMPLATE)
development: Row = partial(ErrorRow, error_class=ErrorClass.CONFIGURATION, failover=Failover.NO)
token: Row = partial(ErrorRow, error_class=ErrorClass.TOKEN, scope=Scope.CHANNEL, retry=Retry.REFRESH_TOKEN, tries=1)
aside: Row = partial(ErrorRow, error_class=ErrorClass.NONE)
# A message lives 48 hours at most: that leaves room for two midnights or mornings, and for one first of a month.
daily: Row = partial(ErrorRow, error_class=ErrorClass.QUOTA, retry=Retry.NEXT_DAY, tries=2)
monthly: Row = partial(ErrorRow, error_class=ErrorClass.QUOTA, retry=Retry.NEXT_MONTH, tries=1)
