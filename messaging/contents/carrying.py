"""Which kinds of channel carry which contents, and whom they need to know."""

from collections.abc import Mapping
from typing import Final

from providers.contract import ContentKind
from providers.registry import PROVIDERS
from tenants.credential_fields import SMS_KINDS

_TEMPLATE: Final = frozenset({ContentKind.TEMPLATE})
_CHAT: Final = frozenset(set(ContentKind) - {ContentKind.TEMPLATE})
CONTENTS: Final[Mapping[str, frozenset[ContentKind]]] = {
    "zns": _TEMPLATE,
    "zns_uid": _TEMPLATE,
    "oa": _CHAT,
    "mini_app": _TEMPLATE,
    "nxcloud": _TEMPLATE,
    "infobip": _TEMPLATE,
    **dict.fromkeys(SMS_KINDS, frozenset({ContentKind.TEMPLATE, ContentKind.TEXT})),
}


def carries(channel_kind: str, content: str) -> bool:
    """Return whether channels of the kind carry the content; an SMS carries the text that stands for a template."""
    return content in CONTENTS.get(channel_kind, _TEMPLATE)


def recipients_of(channel_kind: str) -> frozenset[str]:
    """Return the ids by which channels of the kind reach a person; a phone number where no provider is known."""
    known = PROVIDERS.get(channel_kind)
    return known.capabilities.recipients if known else frozenset({"phone"})
