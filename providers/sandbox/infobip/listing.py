"""What `GET /_/accounts` says of Infobip."""

from typing import Any

from providers.sandbox.infobip.seeds import ACCOUNTS, FIRST, SHARED, SMS_MAGIC, ZALO_MAGIC, Account


def shown_accounts() -> dict[str, Any]:
    """Return credentials, templates and magic recipients; `smsMagic` counts for SMS alone."""
    return {
        "credentials": _credentials(FIRST),
        "templates": _sendable(FIRST),
        "magic": ZALO_MAGIC,
        "smsMagic": SMS_MAGIC,
        "keyWithoutScopes": FIRST.weak_key,
        "accounts": [
            {**_credentials(account), "name": account.name, "templates": _sendable(account)}
            for account in ACCOUNTS
            if not account.shared
        ],
        "test": _credentials(SHARED),
    }


def _credentials(account: Account) -> dict[str, str]:
    return {"apiKey": account.api_key, "sender": account.sender, "smsSender": account.sms_sender}


def _sendable(account: Account) -> list[dict[str, Any]]:
    return [
        {"id": each.id, "name": each.name, "params": [parameter.name for parameter in each.parameters]}
        for each in account.templates.values()
        if each.status == "ENABLE"
    ]
