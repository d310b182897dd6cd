"""What each kind of account is asked for, as its providers declare it: of it come forms and credentials."""

from collections.abc import Mapping
from typing import Final

from providers.kinds import AccountKind, Setting
from providers.registry import PROVIDERS

ACCOUNTS: Final[Mapping[str, AccountKind]] = {known.account.name: known.account for known in PROVIDERS.values()}
"""Every kind of account by its name."""

FIELDS: Final[Mapping[str, tuple[Setting, ...]]] = {name: kind.settings for name, kind in ACCOUNTS.items()}
"""Account kind -> its settings. An official account has none: its tokens rotate and are kept elsewhere."""

ACCOUNT_KIND: Final[Mapping[str, str]] = {kind: known.account.name for kind, known in PROVIDERS.items()}
"""Channel kind -> the kind of account it sends over."""

SMS_KINDS: Final = frozenset(kind for kind, known in PROVIDERS.items() if known.capabilities.sms)
"""Channel kinds that carry texts instead of templates."""


def rotated(kind: str, before: Mapping[str, str], after: Mapping[str, str]) -> dict[str, str]:
    """Return what the settings `after` hold besides, now that they take the place of those `before`."""
    kept = {}
    for field in FIELDS.get(kind, ()):
        if field.previous:
            same = before.get(field.name) == after.get(field.name)
            kept[field.previous] = before.get(field.previous if same else field.name, "")
    return {name: value for name, value in kept.items() if value}


def missing(kind: str, values: Mapping[str, str]) -> list[Setting]:
    """Return the required settings that `values` lack."""
    return [field for field in FIELDS.get(kind, ()) if field.required and not values.get(field.name)]


def channel_credentials(channel_kind: str, values: Mapping[str, str]) -> dict[str, str]:
    """Return what the provider of a channel kind is given of an account's settings."""
    given = {name: value for name, value in values.items() if value and name != "sms_sender"}
    if channel_kind in SMS_KINDS:
        given.pop("sender", None)
        given["sender"] = values.get("sms_sender", "")
    return given
