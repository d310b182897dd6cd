"""Consultation messages of a Zalo Official Account to people who wrote to it or follow it."""

from typing import Final

from providers.contract import ContentKind
from providers.kinds import to_translate as _
from providers.oa import questions, sending
from providers.oa.errors import ERRORS
from providers.zalo.by_user_id import ByUserId

OA: Final = ByUserId(
    "oa",
    _("Official Account message"),
    sending,
    questions,
    ERRORS,
    contents=frozenset(ContentKind) - {ContentKind.TEMPLATE},
)
