"""The settings of an account at Infobip, over which Zalo messages and texts go alike."""

from typing import Final

from providers.kinds import AccountKind, Setting
from providers.kinds import to_translate as _

ACCOUNT: Final = AccountKind(
    name="infobip",
    label=_("Infobip"),
    settings=(
        Setting("api_key", _("API key"), _("Or a user name and password below."), True),
        Setting("username", _("User name")),
        Setting("password", _("Password"), secret=True),
        Setting("sender", _("Zalo sender"), _("The id of the Official Account.")),
        Setting("sms_sender", _("SMS sender"), _("The name that texts come from unless a message has its own.")),
        Setting("base_url", _("Base URL"), _("The account's own host, such as xxxxx.api.infobip.com.")),
        Setting("encrypt", _("Encrypt values"), _("Needs the public key."), choices=(("", _("No")), ("1", _("Yes")))),
        Setting("public_key", _("Public key"), _("The sender's RSA key: Base64 of DER.")),
        Setting(
            "mgf1_hash", _("MGF1 hash"), _("Of the encryption."), choices=(("sha1", "SHA-1"), ("sha256", "SHA-256"))
        ),
        Setting(
            "hook_authorization", _("Authorization of reports"), _("Where a subscription sends such a header."), True
        ),
    ),
    proofs=("hook_authorization",),
)
