"""Custody of the tokens of official accounts: connecting, handing out, renewing."""

from tenants.custody.connecting import account_of, begin_connect, finish_connect, paste
from tenants.custody.errors import ConnectFailed, ReconnectNeeded, RefreshFailed, RefreshInProgress
from tenants.custody.refreshing import access_token, refresh
from tenants.custody.upkeep import Upkeep, due_for_refresh, refresh_due, refresh_token_ends_soon

__all__ = [
    "ConnectFailed",
    "ReconnectNeeded",
    "RefreshFailed",
    "RefreshInProgress",
    "Upkeep",
    "access_token",
    "account_of",
    "begin_connect",
    "due_for_refresh",
    "finish_connect",
    "paste",
    "refresh",
    "refresh_due",
    "refresh_token_ends_soon",
]
