"""Codes of consultation messages: Zalo's (zalo-zns-oa.md section 8.2), and our own for what is not worth a call."""

from collections.abc import Mapping
from functools import partial
from typing import Final

from providers.contract import ErrorClass, ErrorRow, Failover
from providers.zalo.oa_errors import OA_ERRORS, row_for

_limit = partial(ErrorRow, error_class=ErrorClass.MESSAGE, failover=Failover.BY_POLICY)

NO_TEMPLATES: Final = _limit(
    code="limit-template",
    meaning="A consultation message is no template",
    failover=Failover.YES,
    advice="Send the template over a channel by user id or by phone number.",
)
NO_PERSON: Final = ErrorRow(
    code="limit-user-id",
    meaning="The message names no user id of the Official Account",
    error_class=ErrorClass.RECIPIENT,
    advice="Give the person's id at this Official Account, or use another channel.",
)
TEXT_EMPTY: Final = _limit(
    code="limit-text-empty", meaning="The message has no text", advice="Write a text for this message."
)
TEXT_TOO_LONG: Final = _limit(
    code="limit-text", meaning="The text is over 2,000 characters", advice="Shorten the text, or split it in two."
)
TOO_MANY_BUTTONS: Final = _limit(
    code="limit-buttons", meaning="There are more than five buttons", advice="Keep the five that matter most."
)
BUTTON_UNFIT: Final = _limit(
    code="limit-button",
    meaning="A button has no title, one over 100 characters, an unknown type or a payload that does not fit it",
    advice="Mend the button: the channel's description lists the types and what each one carries.",
)
MEDIA_UNFIT: Final = _limit(
    code="limit-media",
    meaning="The picture, file or sticker is not named as its type needs",
    advice="Give an address over https or the id that the upload gave; a GIF needs its width and height too.",
)
FORM_UNFIT: Final = _limit(
    code="limit-form",
    meaning="The request for details lacks its title, subtitle or picture, or is over 100 or 500 characters",
    advice="Give a title of up to 100 characters, a subtitle of up to 500 and the address of a picture.",
)
WINDOW_CLOSED: Final = ErrorRow(
    code="limit-window",
    meaning="The person last interacted with the Official Account more than seven days ago",
    error_class=ErrorClass.RECIPIENT,
    advice="Send a template by user id or by phone number, or wait until the person writes.",
)

ERRORS: Final[Mapping[str, ErrorRow]] = {
    **OA_ERRORS,
    **{
        row.code: row
        for row in (
            NO_TEMPLATES,
            NO_PERSON,
            TEXT_EMPTY,
            TEXT_TOO_LONG,
            TOO_MANY_BUTTONS,
            BUTTON_UNFIT,
            MEDIA_UNFIT,
            FORM_UNFIT,
            WINDOW_CLOSED,
        )
    },
}

__all__ = ["ERRORS", "row_for"]
