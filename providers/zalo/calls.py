"""What every call to Zalo's API hosts shares: its headers."""

from collections.abc import Mapping
from typing import Final

from providers.contract import Headers
from providers.zalo.signature import appsecret_proof

JSON: Final = ("Content-Type", "application/json")


def auth_headers(credentials: Mapping[str, str]) -> Headers:
    """Return the headers of a call: the bare token, and the proof where asked (zalo-zns-oa.md section 2)."""
    token = credentials.get("access_token", "")
    if credentials.get("prove") != "1":
        return (("access_token", token),)
    return ("access_token", token), ("appsecret_proof", appsecret_proof(token, credentials.get("app_secret", "")))
