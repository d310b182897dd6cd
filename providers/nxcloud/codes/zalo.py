"""Codes of Zalo sends and of their reports (nxcloud.md 5.2), and our own for messages over a limit (section 3)."""

from typing import Final

from providers.contract import Failover
from providers.nxcloud.codes.rows import aside, channel, message, template, untold

ZALO: Final = (
    template(
        code="17001",
        meaning="The template does not exist",
        advice="Check the template id mapped for this channel.",
    ),
    template(
        code="17002",
        meaning="The template is not available",
        advice="Wait for the review of the template, or mend it; it may become available again.",
    ),
    untold(
        code="17004",
        meaning="Zalo refused the message and the reason was not told",
        advice="Ask NXCloud with the request id; the next step of the route goes on meanwhile.",
    ),
    untold(
        code="17005",
        meaning="Failed with a code that NXCloud does not describe",
        advice="Ask NXCloud with the request id; the next step of the route goes on meanwhile.",
    ),
)

ASIDE: Final = (
    aside(code="17003", meaning="The message was delivered", advice="Nothing to do."),
    aside(code="17006", meaning="The journey begins to be charged", advice="Nothing to do."),
    aside(code="17007", meaning="The journey has expired", advice="Nothing to do."),
)

TOO_MANY_CHARACTERS: Final = message(
    code="limit-characters",
    meaning="The values are over 400 characters, more than NXCloud takes for a whole text",
    advice="Shorten the values, or let another channel carry the message.",
)
TOO_MANY_PARAMETERS: Final = message(
    code="limit-parameters",
    meaning="The template has more than 8 parameters",
    advice="Use a template with at most 8 parameters on this channel, or another channel.",
)
WEBHOOK_TOO_LONG: Final = channel(
    code="limit-webhook",
    meaning="The address for receipts is over 256 characters",
    advice="Shorten the gateway's public address.",
)
EXT_TOO_LONG: Final = message(
    code="limit-ext",
    meaning="The id that is echoed is over 65,535 bytes",
    advice="A fault of the gateway: report it to the operator.",
)
NOT_A_TEMPLATE: Final = message(
    code="limit-content",
    meaning="This channel carries templates alone",
    advice="Send a template, or use a channel that carries other contents.",
)
NO_DEVELOPMENT_MODE: Final = message(
    code="limit-mode",
    meaning="There is no development mode here: the message would be a real one",
    failover=Failover.NO,
    advice="Send without development mode, or over the direct channel.",
)

LIMITS: Final = (
    TOO_MANY_CHARACTERS,
    TOO_MANY_PARAMETERS,
    WEBHOOK_TOO_LONG,
    EXT_TOO_LONG,
    NOT_A_TEMPLATE,
    NO_DEVELOPMENT_MODE,
)
