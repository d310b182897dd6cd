"""Which kinds of channel carry which contents, and whom they need to know."""

from providers.contract import ContentKind
from providers.registry import provider


def carries(channel_kind: str, content: str) -> bool:
    """Return whether channels of the kind carry the content; an SMS carries the text that stands for a template."""
    return content in provider(channel_kind).capabilities.contents


def carries_more(channel_kind: str) -> bool:
    """Return whether channels of the kind carry contents that need no template."""
    return bool(provider(channel_kind).capabilities.contents - {ContentKind.TEMPLATE})


def recipients_of(channel_kind: str) -> frozenset[str]:
    """Return the ids by which channels of the kind reach a person."""
    return provider(channel_kind).capabilities.recipients
