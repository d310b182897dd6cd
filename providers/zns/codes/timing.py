"""Codes that a later try may not meet again: limits, hours and troubles that pass."""

from typing import Final

from providers.contract import ErrorClass, ErrorRow, Failover, Retry, Scope
from providers.zns.codes.rows import daily, monthly

TIMING: Final = (
    ErrorRow(
        code="-32",
        meaning="Too many calls per minute",
        error_class=ErrorClass.QUOTA,
        scope=Scope.CHANNEL,
        retry=Retry.NEXT_MINUTE,
        tries=60,
        failover=Failover.LATE,
        advice="Lower the account's rate, or ask Zalo for a higher one.",
    ),
    ErrorRow(
        code="-133",
        meaning="This template may not be sent between 22:00 and 06:00",
        error_class=ErrorClass.QUOTA,
        scope=Scope.TEMPLATE,
        retry=Retry.MORNING,
        tries=2,
        failover=Failover.LATE,
        advice="Nothing to do: it goes on in the morning. A night rule on the channel avoids the call.",
    ),
    daily(
        code="-144",
        meaning="The Official Account is over its daily limit",
        scope=Scope.CHANNEL,
        failover=Failover.LATE,
        advice="Nothing to do: it goes on after midnight. Better quality raises the limit.",
    ),
    monthly(
        code="-1441",
        meaning="The Official Account is over its monthly limit of promotions",
        scope=Scope.TEMPLATE,
        failover=Failover.NO,
        advice="Plan promotions for next month; the limit follows the other messages of the past two months.",
    ),
    daily(
        code="-147",
        meaning="The template is over its daily limit",
        scope=Scope.TEMPLATE,
        failover=Failover.LATE,
        advice="Nothing to do: it goes on after midnight. Better quality lifts the template's limit.",
    ),
    monthly(
        code="-1471",
        meaning="This person has had the month's follow-up messages of the Official Account",
        scope=Scope.RECIPIENT,
        failover=Failover.NO,
        advice="Leave the person out of promotions until next month.",
    ),
    daily(
        code="-1472",
        meaning="This person has had the day's promotion of the Official Account",
        scope=Scope.RECIPIENT,
        failover=Failover.NO,
        advice="Send at most one promotion a day to a person.",
    ),
    ErrorRow(
        code="-100",
        meaning="Unknown error at Zalo",
        error_class=ErrorClass.TRANSIENT,
        retry=Retry.BACKOFF,
        tries=3,
        advice="Usually passes by itself; if it stays, ask Zalo with the message's id and time.",
    ),
)
