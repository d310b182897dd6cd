"""Codes about the key, the apps and where calls come from (zalo-mini-app.md section 4)."""

from typing import Final

from providers.mini_app.codes.rows import channel, partner

ACCOUNT: Final = (
    channel(
        code="-102",
        meaning="The API key is invalid",
        advice="Enter the API key that the Zalo App shows under Open APIs.",
    ),
    channel(
        code="-104",
        meaning="The authentication is missing",
        advice="Check that the API key is set; otherwise a fault of the gateway: report it to the operator.",
    ),
    channel(
        code="-106",
        meaning="Not found, or the key has no right to this Mini App",
        advice="Check the Mini App's id, and that it belongs to the Zalo App of the key.",
    ),
    channel(
        code="-108",
        meaning="The Zalo App's id is invalid",
        advice="Check the Zalo App's id in the account's settings.",
    ),
    channel(
        code="-112",
        meaning="The key lacks the scope for this",
        advice="Tick the scope under Open APIs of the Zalo App: apps.send.notification to send, apps.get.stats to ask.",
    ),
    channel(
        code="-113",
        meaning="The call came from an address that is not on the list",
        advice="Add the gateway's outgoing addresses under Open APIs, IP Access.",
    ),
    channel(
        code="-114",
        meaning="The Mini App's id is invalid",
        advice="Check the Mini App's id in the account's settings.",
    ),
    channel(
        code="http-401",
        meaning="HTTP 401 without a code",
        advice="Check the API key, as for -104.",
    ),
    channel(
        code="http-403",
        meaning="HTTP 403 without a code",
        advice="Check the list of addresses, as for -113.",
    ),
)

PARTNER: Final = (
    partner(
        code="-115",
        meaning="The partner is invalid",
        advice="Check the partner's id with Zalo; only the management of Mini Apps is concerned.",
    ),
    partner(
        code="-116",
        meaning="The partner's API key is invalid",
        advice="Enter the partner's current API key; only the management of Mini Apps is concerned.",
    ),
)
