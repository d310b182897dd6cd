"""NXCloud's hosts, and which one a channel calls."""

from collections.abc import Mapping
from typing import Final

from providers.contract import Context

API_HOST: Final = "api.nxcloud.com"
API2_HOST: Final = "api2.nxcloud.com"


def url_at(default: str, path: str, credentials: Mapping[str, str], context: Context) -> str:
    """Return the URL of `path` at the account's own `host` where one is set, else at `default`.

    More than one host is in use for the same paths (nxcloud.md section 1).
    """
    return context.url(credentials.get("host") or default, path)
