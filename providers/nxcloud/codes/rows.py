"""How the rows of each group of codes are made: what the rows of a group have in common is said once, here."""

from collections.abc import Callable
from functools import partial

from providers.contract import ErrorClass, ErrorRow, Failover, Retry, Scope

Row = Callable[..., ErrorRow]

recipient: Row = partial(ErrorRow, error_class=ErrorClass.RECIPIENT, scope=Scope.RECIPIENT)
message: Row = partial(ErrorRow, error_class=ErrorClass.MESSAGE)
channel: Row = partial(ErrorRow, error_class=ErrorClass.CONFIGURATION, scope=Scope.CHANNEL)
template: Row = partial(ErrorRow, error_class=ErrorClass.CONFIGURATION, scope=Scope.TEMPLATE)
access: Row = partial(ErrorRow, error_class=ErrorClass.TOKEN, scope=Scope.CHANNEL)
quota: Row = partial(ErrorRow, error_class=ErrorClass.QUOTA, scope=Scope.CHANNEL, retry=Retry.BACKOFF)
transient: Row = partial(ErrorRow, error_class=ErrorClass.TRANSIENT, retry=Retry.BACKOFF, tries=3)
# Why it failed is not known; the rule for unknown codes.
untold: Row = partial(transient, tries=2)
# A code that says something and refuses nothing.
aside: Row = partial(ErrorRow, error_class=ErrorClass.NONE, failover=Failover.NO)
