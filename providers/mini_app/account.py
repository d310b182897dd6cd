"""The settings of an account for a Mini App."""

from typing import Final

from providers.kinds import AccountKind, Setting
from providers.kinds import to_translate as _

ACCOUNT: Final = AccountKind(
    name="mini_app",
    label=_("Zalo Mini App"),
    settings=(
        Setting(
            "api_key",
            _("Open API key"),
            _("Of the Zalo App, without `Bearer`."),
            True,
            True,
            previous="previous_api_key",
        ),
        Setting("zalo_app_id", _("Zalo App id"), _("The Zalo App that the key belongs to.")),
        Setting("mini_app_id", _("Mini App id"), _("The Mini App that sends."), required=True),
        Setting(
            "facts",
            _("Facts about persons"),
            _("Whether opt-in and last visit must come with each message."),
            choices=(("", _("May lack")), ("required", _("Required"))),
        ),
    ),
    proofs=("api_key", "previous_api_key", "mini_app_id"),
)
