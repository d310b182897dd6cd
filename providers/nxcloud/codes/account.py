"""Codes of every endpoint: the signature, the account, the application (nxcloud.md 5.1 and the first rows of 5.2)."""

from typing import Final

from providers.contract import Failover, Retry, Scope
from providers.nxcloud.codes.rows import access, channel, message, quota, recipient, transient

PROBE_SECONDS: Final = 300
_ACCESS_CODES: Final = range(1000, 1100)

TOO_MANY_REQUESTS: Final = transient(
    code="http-429",
    meaning="Too many requests",
    scope=Scope.CHANNEL,
    advice="Lower the account's rate, or ask NXCloud for a higher one.",
)

UNLISTED_ACCESS: Final = access(
    code="1000",
    meaning="Authentication failed",
    advice="Check the access key and the access secret, and ask NXCloud what the code means.",
)

ACCESS: Final = (
    UNLISTED_ACCESS,
    access(
        code="1001",
        meaning="A header of the signature is missing",
        advice="Check that access key and access secret are set; otherwise a fault of the gateway: report it.",
    ),
    message(
        code="1002",
        meaning="A header or a parameter has a wrong value",
        advice="Compare the values with the template; if every message meets this, report it to the operator.",
    ),
    access(
        code="1003",
        meaning="The signature is wrong",
        retry=Retry.BACKOFF,
        tries=2,
        advice="Check the access secret, and that the hash algorithm is the one agreed with NXCloud.",
    ),
    transient(
        code="1004",
        meaning="The time of the signature is over",
        scope=Scope.CHANNEL,
        tries=1,
        advice="Signed anew by itself; if it stays, set this machine's clock right.",
    ),
    access(
        code="1005",
        meaning="The access key may not use this",
        advice="Check the access key, and that NXCloud has opened this kind of message for the account.",
    ),
)

ACCOUNT: Final = (
    transient(
        code="-1",
        meaning="Failed for a cause that is not known",
        tries=2,
        advice="Usually passes by itself; if it stays, ask NXCloud with the traceId.",
    ),
    channel(
        code="1100",
        meaning="The NXCloud account does not exist or is not active",
        advice="Settle the state of the account with NXCloud; no channel of it can send.",
    ),
    quota(
        code="1102",
        meaning="The balance is too low",
        tries=3,
        retry_seconds=PROBE_SECONDS,
        advice="Top up the NXCloud account.",
    ),
    message(
        code="9000",
        meaning="A parameter of the request is missing or wrong",
        failover=Failover.BY_POLICY,
        advice="Compare the values with the template's parameters.",
    ),
    transient(
        code="9001",
        meaning="An error in NXCloud's system",
        advice="Usually passes by itself; if it stays, ask NXCloud with the traceId.",
    ),
    recipient(
        code="9002",
        meaning="The phone number is wrong",
        failover=Failover.NO,
        advice="Check the number: country code and number, digits alone.",
    ),
    channel(
        code="9003",
        meaning="The application does not exist or is not active",
        advice="Check the appkey, and that the application is enabled at NXCloud.",
    ),
    channel(
        code="9004",
        meaning="The application has no price",
        advice="Ask NXCloud for a price; it may be missing for one destination only.",
    ),
    channel(
        code="9005",
        meaning="The application has no route",
        advice="Ask NXCloud for a route to this destination.",
    ),
    transient(
        code="9999",
        meaning="An error that NXCloud does not know",
        advice="Usually passes by itself; if it stays, ask NXCloud with the traceId.",
    ),
)

KEYS: Final = (
    access(
        code="1",
        meaning="The application is not available, or its key is wrong",
        advice="Check the appkey and the secretkey of the SMS application.",
    ),
)


def is_access_code(code: int) -> bool:
    """Return whether `code` lies where NXCloud reports a failed authentication; only some of these are described."""
    return code in _ACCESS_CODES
