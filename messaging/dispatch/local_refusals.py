"""Why a message makes no call on a channel: rows of our own beside the providers' tables."""

from typing import Final

from providers.contract import ErrorClass, ErrorRow, Failover, Scope

CONTENT_GONE: Final = ErrorRow(
    code="CONTENT_GONE",
    meaning="the content was erased or cannot be opened",
    error_class=ErrorClass.MESSAGE,
    advice="Send the message again; if this happens to many messages check that every master key is configured.",
)
TEMPLATE_NOT_MAPPED: Final = ErrorRow(
    code="TEMPLATE_NOT_MAPPED",
    meaning="the template is not mapped on this channel",
    error_class=ErrorClass.CONFIGURATION,
    scope=Scope.TEMPLATE,
    advice="Sync the templates of the channel or add the mapping.",
)
TEMPLATE_STOPPED: Final = ErrorRow(
    code="TEMPLATE_STOPPED",
    meaning="the template is stopped",
    error_class=ErrorClass.CONFIGURATION,
    scope=Scope.TEMPLATE,
    advice="See why at the template, mend it and resume it; messages go on by themselves.",
)
RECIPIENT_ID_MISSING: Final = ErrorRow(
    code="RECIPIENT_ID_MISSING",
    meaning="the message does not name the person by an id that this channel takes",
    error_class=ErrorClass.RECIPIENT,
    advice="Give `to` as an object with the ids that the channels of the route take.",
)
CONTENT_NOT_CARRIED: Final = ErrorRow(
    code="CONTENT_NOT_CARRIED",
    meaning="this channel does not carry contents of this type",
    error_class=ErrorClass.MESSAGE,
    advice="Put a channel on the route that does.",
)
CONSENT_WITHDRAWN: Final = ErrorRow(
    code="CONSENT_WITHDRAWN",
    meaning="the person withdrew their consent at this official account",
    error_class=ErrorClass.RECIPIENT,
    failover=Failover.NOT_PROMOTIONAL,
    advice="Do not write to the person over this account until they come back to it.",
)
NO_TEXT: Final = ErrorRow(
    code="NO_TEXT",
    meaning="there is no text for an SMS: neither in the message, nor at the step, nor at the template",
    error_class=ErrorClass.MESSAGE,
    advice="Write one at the route's step or the template's mapping, or send it with smsFailover.",
)
PARAMETER_MISSING: Final = ErrorRow(
    code="PARAMETER_MISSING",
    meaning="the text names a parameter that the message does not have",
    error_class=ErrorClass.MESSAGE,
    advice="Let the text name the template's parameters only.",
)
LEFT_OUT: Final = ErrorRow(
    code="LEFT_OUT",
    meaning="the provider's adapter made no call for the message: a limit of its wire, or a setting that is missing",
    error_class=ErrorClass.MESSAGE,
    advice="Compare the message with the limits in the provider's README, and test the account's connection.",
)
# The next channel may take what this one does not: it goes on whatever the step's causes.
SKIPS: Final = frozenset({RECIPIENT_ID_MISSING.code, CONTENT_NOT_CARRIED.code})
