"""The settings of an account at NXCloud, over which Zalo messages and texts go alike."""

from typing import Final

from providers.kinds import AccountKind, HookManners, Setting
from providers.kinds import to_translate as _

ACCOUNT: Final = AccountKind(
    name="nxcloud",
    label=_("NXCloud"),
    settings=(
        Setting("access_key", _("Access key"), _("Names the account in every signed call."), required=True),
        Setting("access_secret", _("Access secret"), _("Signs every call; it does not travel."), True, True),
        Setting("appkey", _("App key"), _("The application that sends."), required=True),
        Setting("secretkey", _("Secret key"), _("Of an SMS application: for balance, records and forms."), True),
        Setting("algorithm", _("Digest"), _("Of the signature."), choices=(("md5", "MD5"), ("sha256", "SHA-256"))),
        Setting(
            "api",
            _("SMS API"),
            _("Over which of its APIs texts are sent."),
            choices=(("v1", "v1"), ("v2", "mtsend_v2"), ("form", _("Form"))),
        ),
        Setting("sms_sender", _("SMS sender"), _("The name that texts come from unless a message has its own.")),
        Setting("host", _("Host"), _("Only where the account has a host of its own.")),
    ),
    proofs=("access_key", "access_secret"),
    # Reports of older accounts come in the query of a GET; an answer is a word (nxcloud.md sections 4 and 6.3).
    hook=HookManners(methods=("POST", "GET"), answer=b"success"),
)
