"""Codes about the person: on this channel the message cannot reach them."""

from typing import Final

from providers.contract import Failover
from providers.zns.codes.rows import recipient

RECIPIENT: Final = (
    recipient(
        code="-108",
        meaning="Phone number invalid",
        advice="Check the number: Zalo takes Vietnamese mobile numbers as 84 and nine digits.",
    ),
    recipient(
        code="-110",
        meaning="The recipient's Zalo version does not support this message",
        advice="Nothing to mend here; the person's app is too old. Use another channel.",
    ),
    recipient(
        code="-114",
        meaning="User inactive, refusing, on an outdated Zalo version, or another internal error",
        advice="Use another channel for this message. The next message may well arrive.",
    ),
    recipient(
        code="-118",
        meaning="No Zalo account on this number",
        remember_days=30,
        remember_kind=True,
        advice="Use SMS. The number is left out for 30 days, then tried again.",
    ),
    recipient(
        code="-119",
        meaning="The account cannot receive this message",
        advice="Use another channel for this person.",
    ),
    recipient(
        code="-134",
        meaning="The person has not answered the opt-in question",
        advice="An old code of Zalo's; use another channel for this message.",
    ),
    recipient(
        code="-139",
        meaning="The person refuses this type of message",
        failover=Failover.NOT_PROMOTIONAL,
        remember_days=90,
        remember_class_only=True,
        advice="Do not send this type to the person again; what they must know may go by another channel.",
    ),
    recipient(
        code="-140",
        meaning="The person is not eligible for this type of message by Zalo's policy",
        failover=Failover.NOT_PROMOTIONAL,
        advice="Check that the template's tag fits its content; what the person must know may go by another channel.",
    ),
    recipient(
        code="-141",
        meaning="The person refuses messages from this Official Account",
        failover=Failover.NOT_PROMOTIONAL,
        remember_days=90,
        advice="Leave the person alone on this Official Account; what they must know may go by another channel.",
    ),
)
