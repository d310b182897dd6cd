"""The kinds of channels and accounts there are, with the names that people read: whatever the registry holds."""

from typing import Any

from django.utils.translation import gettext_lazy

from providers.registry import PROVIDERS
from tenants.credential_fields import ACCOUNTS


def channel_kinds() -> list[tuple[str, Any]]:
    """Return (kind, label) of every kind of channel; a model takes it as choices, so that a new one needs no
    migration."""
    return [(kind, translated(known.label)) for kind, known in PROVIDERS.items()]


def account_kinds() -> list[tuple[str, Any]]:
    """Return (kind, label) of every kind of account."""
    return [(name, translated(kind.label)) for name, kind in ACCOUNTS.items()]


def translated(text: str) -> Any:
    """Return the (lazy) text of what a provider says of itself in the reader's language; nothing remains nothing."""
    return gettext_lazy(text) if text else ""
