"""Zalo's template messages to user ids of an Official Account, instead of phone numbers."""

from typing import Final

from providers.hours import ZALO_PROMOTIONS
from providers.kinds import to_translate as _
from providers.zalo.by_user_id import ByUserId
from providers.zns_uid import questions, sending
from providers.zns_uid.errors import ERRORS

ZNS_UID: Final = ByUserId(
    "zns_uid", _("ZNS by user id"), sending, questions, ERRORS, priced=True, hours=(ZALO_PROMOTIONS,)
)
