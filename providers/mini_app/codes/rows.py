"""How the rows of each group of codes are made: what the rows of a group have in common is said once, here."""

from collections.abc import Callable
from functools import partial

from providers.contract import ErrorClass, ErrorRow, Failover, Retry, Scope

Row = Callable[..., ErrorRow]

recipient: Row = partial(ErrorRow, error_class=ErrorClass.RECIPIENT, scope=Scope.RECIPIENT)
message: Row = partial(ErrorRow, error_class=ErrorClass.MESSAGE)
# What a person can mend: messages are held meanwhile, and only those that would expire take another way.
channel: Row = partial(ErrorRow, error_class=ErrorClass.CONFIGURATION, scope=Scope.CHANNEL, failover=Failover.LATE)
# About the platform's partner key, which no sending channel uses: a tenant's channel must not stop for it.
partner: Row = partial(ErrorRow, error_class=ErrorClass.CONFIGURATION, failover=Failover.NO)
rate: Row = partial(
    ErrorRow,
    error_class=ErrorClass.QUOTA,
    scope=Scope.CHANNEL,
    retry=Retry.BACKOFF,
    tries=8,
    failover=Failover.LATE,
)
daily: Row = partial(ErrorRow, error_class=ErrorClass.QUOTA, retry=Retry.NEXT_DAY, tries=2)
