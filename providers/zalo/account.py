"""The account of every channel over a Zalo Official Account: its tokens rotate, so it has no settings here."""

from typing import Final

from providers.kinds import AccountKind
from providers.kinds import to_translate as _

OFFICIAL_ACCOUNT: Final = AccountKind(name="zalo_oa", label=_("Zalo Official Account"))
