"""What each kind of account is asked for: a literal table, of which forms are made and credentials are read."""

from collections.abc import Mapping
from typing import Any, Final, NamedTuple

from django.utils.translation import gettext_lazy as _


class CredentialField(NamedTuple):
    """One setting of an account: `name` as the provider's README calls it. A secret is never shown again."""

    name: str
    label: Any
    help: Any = ""
    secret: bool = False
    required: bool = False
    choices: tuple[tuple[str, Any], ...] = ()


_NXCLOUD: Final = (
    CredentialField("access_key", _("Access key"), _("Names the account in every signed call."), required=True),
    CredentialField("access_secret", _("Access secret"), _("Signs every call; it does not travel."), True, True),
    CredentialField("appkey", _("App key"), _("The application that sends."), required=True),
    CredentialField("secretkey", _("Secret key"), _("Of an SMS application: for balance, records and forms."), True),
    CredentialField("algorithm", _("Digest"), _("Of the signature."), choices=(("md5", "MD5"), ("sha256", "SHA-256"))),
    CredentialField(
        "api",
        _("SMS API"),
        _("Over which of its APIs texts are sent."),
        choices=(("v1", "v1"), ("v2", "mtsend_v2"), ("form", _("Form"))),
    ),
    CredentialField("sms_sender", _("SMS sender"), _("The name that texts come from unless a message has its own.")),
    CredentialField("host", _("Host"), _("Only where the account has a host of its own.")),
)
_INFOBIP: Final = (
    CredentialField("api_key", _("API key"), _("Or a user name and password below."), True),
    CredentialField("username", _("User name")),
    CredentialField("password", _("Password"), secret=True),
    CredentialField("sender", _("Zalo sender"), _("The id of the Official Account.")),
    CredentialField("sms_sender", _("SMS sender"), _("The name that texts come from unless a message has its own.")),
    CredentialField("base_url", _("Base URL"), _("The account's own host, such as xxxxx.api.infobip.com.")),
    CredentialField(
        "encrypt", _("Encrypt values"), _("Needs the public key."), choices=(("", _("No")), ("1", _("Yes")))
    ),
    CredentialField("public_key", _("Public key"), _("The sender's RSA key: Base64 of DER.")),
    CredentialField(
        "mgf1_hash", _("MGF1 hash"), _("Of the encryption."), choices=(("sha1", "SHA-1"), ("sha256", "SHA-256"))
    ),
    CredentialField(
        "hook_authorization", _("Authorization of reports"), _("Where a subscription sends such a header."), True
    ),
)
_MINI_APP: Final = (
    CredentialField("api_key", _("Open API key"), _("Of the Zalo App, without `Bearer`."), True, True),
    CredentialField("zalo_app_id", _("Zalo App id"), _("The Zalo App that the key belongs to.")),
    CredentialField("mini_app_id", _("Mini App id"), _("The Mini App that sends."), required=True),
    CredentialField(
        "facts",
        _("Facts about persons"),
        _("Whether opt-in and last visit must come with each message."),
        choices=(("", _("May lack")), ("required", _("Required"))),
    ),
)

FIELDS: Final[Mapping[str, tuple[CredentialField, ...]]] = {
    "nxcloud": _NXCLOUD,
    "infobip": _INFOBIP,
    "mini_app": _MINI_APP,
}
"""Account kind -> its settings. An official account has rotating tokens and is kept elsewhere."""

ACCOUNT_KIND: Final[Mapping[str, str]] = {
    "zns": "zalo_oa",
    "zns_uid": "zalo_oa",
    "oa": "zalo_oa",
    "mini_app": "mini_app",
    "nxcloud": "nxcloud",
    "nxcloud_sms": "nxcloud",
    "infobip": "infobip",
    "infobip_sms": "infobip",
}
"""Channel kind -> the kind of account it sends over."""

SMS_KINDS: Final = frozenset({"nxcloud_sms", "infobip_sms"})
"""Channel kinds that carry texts instead of templates."""

HOOK_SECRETS: Final[Mapping[str, tuple[str, ...]]] = {
    "nxcloud": ("access_key", "access_secret"),
    "infobip": ("hook_authorization",),
    "mini_app": ("api_key", "previous_api_key", "mini_app_id"),
}
"""Account kind -> the settings that also prove a report."""


ROTATED: Final[Mapping[str, Mapping[str, str]]] = {"mini_app": {"api_key": "previous_api_key"}}
"""Account kind -> settings whose last value goes on proving reports under another name."""


def rotated(kind: str, before: Mapping[str, str], after: Mapping[str, str]) -> dict[str, str]:
    """Return what the settings `after` hold besides, now that they take the place of those `before`."""
    kept = {}
    for name, previous in ROTATED.get(kind, {}).items():
        value = before.get(previous, "") if before.get(name) == after.get(name) else before.get(name, "")
        if value:
            kept[previous] = value
    return kept


def missing(kind: str, values: Mapping[str, str]) -> list[CredentialField]:
    """Return the required settings that `values` lack."""
    return [field for field in FIELDS.get(kind, ()) if field.required and not values.get(field.name)]


def channel_credentials(channel_kind: str, values: Mapping[str, str]) -> dict[str, str]:
    """Return what the provider of a channel kind is given of an account's settings."""
    given = {name: value for name, value in values.items() if value and name != "sms_sender"}
    if channel_kind in SMS_KINDS:
        given.pop("sender", None)
        given["sender"] = values.get("sms_sender", "")
    return given
