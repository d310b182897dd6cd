"""Every provider there is, by the kind of channel it serves. A new provider is one folder and one line here."""

from collections.abc import Mapping
from typing import Final

from providers.contract import Provider
from providers.zns.adapter import ZNS

PROVIDERS: Final[Mapping[str, Provider]] = {
    "zns": ZNS,
}


def provider(kind: str) -> Provider:
    """Return the provider that serves channels of `kind`. Raises KeyError, naming the kinds there are."""
    found = PROVIDERS.get(kind)
    if found is None:
        raise KeyError(f"no provider serves channels of kind {kind!r}; there are: {', '.join(sorted(PROVIDERS))}")
    return found
