"""Codes of the Official Account host (zalo-zns-oa.md section 8.2), and how one is found by code and text.

Here stand those that tell what is wrong with an account, its app or its token; those about messages are brought in.
"""

import re
from collections.abc import Mapping
from functools import partial
from typing import Final

from providers.contract import ErrorClass, ErrorRow, Failover, Retry, Scope
from providers.zalo import oa_message_errors as messages
from providers.zalo.error_lookup import TOO_MANY_REQUESTS, row_in

_account = partial(ErrorRow, error_class=ErrorClass.CONFIGURATION, scope=Scope.CHANNEL)
_token = partial(ErrorRow, error_class=ErrorClass.TOKEN, scope=Scope.CHANNEL, retry=Retry.REFRESH_TOKEN, tries=1)

ACCOUNT_ERRORS: Final[Mapping[str, ErrorRow]] = {
    row.code: row
    for row in (
        ErrorRow(
            code="-32",
            meaning="Too many calls per minute of the app or the Official Account",
            error_class=ErrorClass.QUOTA,
            scope=Scope.CHANNEL,
            retry=Retry.NEXT_MINUTE,
            tries=60,
            failover=Failover.LATE,
            advice="Try again in a minute; lower the account's rate if it comes back.",
        ),
        ErrorRow(
            code="-200",
            meaning="Zalo failed to act on the call",
            error_class=ErrorClass.TRANSIENT,
            retry=Retry.BACKOFF,
            tries=3,
            advice="Try again; if it stays, ask Zalo.",
        ),
        _account(code="-204", meaning="The Official Account is disabled", advice="Have Zalo open it again."),
        _account(code="-205", meaning="The Official Account does not exist", advice="Check its id and reconnect it."),
        _account(code="-209", meaning="The app is not activated", advice="Activate the app at developers.zalo.me."),
        _account(
            code="-212",
            meaning="The app has not asked for this permission",
            advice="Add the permission to the app at developers.zalo.me, then reconnect the Official Account.",
        ),
        _account(code="-215", meaning="App id invalid", advice="Check the Zalo app's id in its settings."),
        _token(code="-216", meaning="Access token invalid", advice="Refresh it; if it stays, reconnect the account."),
        _account(code="-219", meaning="The app is removed or disabled", advice="Open the app at developers.zalo.me."),
        _token(
            code="-220",
            meaning="Access token expired or removed",
            advice="Refresh it; if it stays, reconnect the account.",
        ),
        _account(code="-221", meaning="The Official Account is not verified", advice="Verify it at oa.zalo.me."),
        _account(
            code="-223",
            meaning="The Official Account has not granted this permission",
            advice="Reconnect the Official Account and grant every permission that the app asks for.",
        ),
        _account(
            code="-224",
            meaning="The Official Account's package does not include this",
            advice="Upgrade the package of the Official Account.",
        ),
        _account(
            code="-235",
            meaning="Not for this type of Official Account",
            advice="Use an Official Account of the business or government type.",
        ),
        _account(
            code="-240",
            meaning="Zalo has shut this call down",
            advice="The gateway must learn its successor: report it to the operator.",
        ),
        _account(
            code="-242",
            meaning="appsecret_proof invalid",
            advice="Turn the proof on or off in the channel as it is in the app, and check the app's secret.",
        ),
        _account(
            code="-320",
            meaning="No billing account is linked",
            advice="Link the ZBS (ZCA) account to the app and the Official Account at Zalo.",
        ),
        _account(code="-321", meaning="The billing account is out of money", advice="Top up the ZBS (ZCA) account."),
    )
}


OA_ERRORS: Final[Mapping[str, ErrorRow]] = {
    **ACCOUNT_ERRORS,
    **{
        row.code: row
        for group in (messages.PEOPLE, messages.CONTENT, messages.LIMITS, messages.ACCOUNT, messages.ASIDE)
        for row in group
    },
    TOO_MANY_REQUESTS.code: TOO_MANY_REQUESTS,
}

# Codes that Zalo uses for several things: the text tells which.
_BY_TEXT: Final[Mapping[int, tuple[re.Pattern[str], str]]] = {
    -32: (re.compile(r"\boa\b|official account", re.IGNORECASE), "-32-oa"),
    -100: (re.compile(r"unknown error", re.IGNORECASE), "-100-unknown"),
    -201: (re.compile(r"\buser[ _]?id\b|\brecipient\b", re.IGNORECASE), "-201-user"),
    -223: (re.compile(r"article", re.IGNORECASE), "-223-article"),
}


def row_for(code: int, text: str = "") -> ErrorRow:
    """Return the row of `code`, of an overloaded one that which `text` (Zalo's wording) tells of.

    For an unknown code the row that says so.
    """
    said, variant = _BY_TEXT.get(code, (None, ""))
    if said is not None and said.search(text):
        return OA_ERRORS[variant]
    return row_in(OA_ERRORS, code)
