"""The codes of Zalo's business host as data (zalo-zns-oa.md section 8.1).

Two full enumerations of Zalo's own tables agree on the codes and meanings; class, retry and failover are this house's
reading of them. A compound class counts by its first letter. Reasons for the choices are in the README.
"""

from collections.abc import Callable
from functools import partial
from typing import Final

from providers.contract import ErrorClass, ErrorRow, Failover, Retry, Scope

Row = Callable[..., ErrorRow]

recipient: Row = partial(ErrorRow, error_class=ErrorClass.RECIPIENT, scope=Scope.RECIPIENT)
message: Row = partial(ErrorRow, error_class=ErrorClass.MESSAGE)
content: Row = partial(message, failover=Failover.BY_POLICY)
channel: Row = partial(ErrorRow, error_class=ErrorClass.CONFIGURATION, scope=Scope.CHANNEL)
template: Row = partial(ErrorRow, error_class=ErrorClass.CONFIGURATION, scope=Scope.TEMPLATE)
development: Row = partial(ErrorRow, error_class=ErrorClass.CONFIGURATION, failover=Failover.NO)
token: Row = partial(ErrorRow, error_class=ErrorClass.TOKEN, scope=Scope.CHANNEL, retry=Retry.REFRESH_TOKEN, tries=1)
aside: Row = partial(ErrorRow, error_class=ErrorClass.NONE)
# A message lives 48 hours at most: that leaves room for two midnights or mornings, and for one first of a month.
daily: Row = partial(ErrorRow, error_class=ErrorClass.QUOTA, retry=Retry.NEXT_DAY, tries=2)
monthly: Row = partial(ErrorRow, error_class=ErrorClass.QUOTA, retry=Retry.NEXT_MONTH, tries=1)

ABOUT_THE_RECIPIENT: Final = (
    recipient(
        code="-108",
        meaning="Phone number invalid",
        advice="Check the number: Zalo takes Vietnamese mobile numbers as 84 and nine digits.",
    ),
    recipient(
        code="-110",
        meaning="The recipient's Zalo version does not support this message",
        advice="Nothing to mend here; the person's app is too old. Use another channel.",
    ),
    recipient(
        code="-114",
        meaning="User inactive, refusing, on an outdated Zalo version, or another internal error",
        advice="Use another channel for this message. The next message may well arrive.",
    ),
    recipient(
        code="-118",
        meaning="No Zalo account on this number",
        remember_days=30,
        advice="Use SMS. The number is left out for 30 days, then tried again.",
    ),
    recipient(
        code="-119",
        meaning="The account cannot receive this message",
        advice="Use another channel for this person.",
    ),
    recipient(
        code="-134",
        meaning="The person has not answered the opt-in question",
        advice="An old code of Zalo's; use another channel for this message.",
    ),
    recipient(
        code="-139",
        meaning="The person refuses this type of message",
        failover=Failover.NOT_PROMOTIONAL,
        remember_days=90,
        remember_class_only=True,
        advice="Do not send this type to the person again; what they must know may go by another channel.",
    ),
    recipient(
        code="-140",
        meaning="The person is not eligible for this type of message by Zalo's policy",
        failover=Failover.NOT_PROMOTIONAL,
        advice="Check that the template's tag fits its content; what the person must know may go by another channel.",
    ),
    recipient(
        code="-141",
        meaning="The person refuses messages from this Official Account",
        failover=Failover.NOT_PROMOTIONAL,
        remember_days=90,
        advice="Leave the person alone on this Official Account; what they must know may go by another channel.",
    ),
)

ABOUT_THE_MESSAGE: Final = (
    content(code="-111", meaning="Template data empty", advice="Send a value for every parameter of the template."),
    content(
        code="-112",
        meaning="A value has an undefined or wrong type",
        advice="Compare the values with the template's parameter types; synchronise the template if they changed.",
    ),
    content(
        code="-1121",
        meaning="A value is longer than its parameter allows",
        advice="Shorten the value, or synchronise the template if its limits changed at Zalo.",
    ),
    content(
        code="-1122",
        meaning="A parameter of the template is missing",
        advice="Send a value for every parameter; synchronise the template if it changed at Zalo.",
    ),
    content(
        code="-1123",
        meaning="The QR code cannot be generated",
        advice="Check the value that the template turns into a QR code.",
    ),
    content(
        code="-1124",
        meaning="A value has an invalid format",
        advice="Compare the values with the formats of the template (dates, amounts, links).",
    ),
    message(code="-113", meaning="A button is invalid", advice="Check the values that the template's buttons use."),
    message(
        code="-1131",
        meaning="A button's content or link has an invalid format",
        advice="Send a complete link with https:// in the values that the buttons use.",
    ),
    message(
        code="-116",
        meaning="The text is invalid",
        advice="Look for characters or wording in the values that Zalo does not allow.",
    ),
    message(code="-121", meaning="The request was empty", advice="A fault of the gateway: report it to the operator."),
    message(
        code="-122",
        meaning="The request was no valid JSON",
        advice="A fault of the gateway: report it to the operator.",
    ),
    message(
        code="-123",
        meaning="The encrypted data could not be decoded",
        advice="Check the account's RSA key at Zalo, or turn encryption off for the channel.",
    ),
    message(code="-130", meaning="The message is too long", advice="Shorten the values of the template."),
    content(code="-132", meaning="A parameter is invalid", advice="Compare the values with the template's parameters."),
    message(code="-148", meaning="The journey token is missing", advice="Get a journey token and send with it."),
    message(code="-149", meaning="The journey token is invalid", advice="Get a new journey token and send again."),
    message(
        code="-1491",
        meaning="The journey token is of the wrong type for this template",
        advice="Get a journey token of the type that the template belongs to.",
    ),
    message(code="-150", meaning="The journey token has expired", advice="Get a new journey token and send again."),
    message(
        code="-151",
        meaning="The template is not an end-to-end encrypted one",
        advice="Send this template without end-to-end encryption.",
    ),
    message(
        code="-152",
        meaning="The end-to-end encryption key could not be had",
        advice="Send without end-to-end encryption or use another channel.",
    ),
    content(
        code="-153",
        meaning="The data violates the specification",
        advice="Compare the values with the template's description at Zalo.",
    ),
    message(
        code="-161",
        meaning="This sending mode is not allowed",
        advice="Leave sendingMode out: over-quota sending is only for accounts that Zalo has approved.",
    ),
    message(
        code="-162",
        meaning="Over-quota sending is not for templates of tags 1 and 2",
        advice="Leave sendingMode out for this template: over-quota sending is only for tag 3.",
    ),
)

ABOUT_THE_CHANNEL: Final = (
    channel(code="-101", meaning="Application invalid", advice="Check the Zalo app's id in its settings."),
    channel(code="-102", meaning="Application does not exist", advice="Check the Zalo app's id in its settings."),
    channel(code="-103", meaning="Application not activated", advice="Activate the app at developers.zalo.me."),
    channel(code="-104", meaning="App secret invalid", advice="Enter the app's current secret key, then reconnect."),
    channel(
        code="-105",
        meaning="The application is not linked to an Official Account",
        advice="Link the app and the Official Account at developers.zalo.me, then reconnect.",
    ),
    channel(
        code="-106",
        meaning="Method unsupported",
        advice="A fault of the gateway or a change at Zalo: report it to the operator.",
    ),
    channel(
        code="-115",
        meaning="The balance of the billing account is too low",
        advice="Top up the ZBS (ZCA) account; the channel goes on once it is resumed.",
    ),
    channel(
        code="-120",
        meaning="The Official Account has no permission for this feature",
        advice="Ask Zalo to open the feature for the Official Account, or upgrade its package.",
    ),
    channel(
        code="-1241",
        meaning="appsecret_proof invalid",
        advice="Turn the proof on or off in the channel as it is in the app, and check the app's secret.",
    ),
    channel(
        code="-125",
        meaning="Official Account id invalid",
        advice="Check the Official Account's id and reconnect it.",
    ),
    channel(
        code="-128",
        meaning="No encoding key",
        advice="Generate the RSA key at Zalo, or turn encryption off for the channel.",
    ),
    channel(
        code="-129",
        meaning="The RSA key has not been generated",
        advice="Generate the RSA key at Zalo, or turn encryption off for the channel.",
    ),
    channel(
        code="-135",
        meaning="The Official Account may not send: unverified or on the free package",
        advice="Verify the Official Account and buy a package that includes template messages.",
    ),
    channel(
        code="-1351",
        meaning="Zalo has blocked the Official Account for a violation",
        advice="Settle the violation with Zalo before going on.",
    ),
    channel(
        code="-136",
        meaning="The app or Official Account is not linked to a billing account",
        advice="Link the ZBS (ZCA) account to the app and the Official Account at Zalo.",
    ),
    channel(
        code="-137",
        meaning="Charging the billing account failed",
        retry=Retry.BACKOFF,
        tries=2,
        retry_seconds=900,
        advice="Usually passes by itself; if it stays, check the ZBS (ZCA) account and its payment means.",
    ),
    channel(
        code="-138",
        meaning="The app has no permission for this feature",
        advice="Grant the app the permission to send templates and let the Official Account consent again.",
    ),
    channel(
        code="-1381",
        meaning="The extension may not charge the billing account",
        advice="Grant the billing permission in the ZBS (ZCA) account.",
    ),
    development(
        code="-126",
        meaning="The allowance of development mode is used up",
        advice="Wait for tomorrow, or send without development mode.",
    ),
    development(
        code="-127",
        meaning="Test messages go only to administrators of the app or the Official Account",
        advice="Use an administrator's number, or send an approved template without development mode.",
    ),
)

ABOUT_THE_TEMPLATE: Final = (
    template(
        code="-109",
        meaning="Template id invalid",
        advice="Synchronise the templates and check the id mapped for this channel.",
    ),
    template(
        code="-117",
        meaning="The Official Account or the app has no permission for this template",
        advice="Check that the template belongs to this Official Account and is granted to the app.",
    ),
    template(
        code="-131",
        meaning="The template is not approved",
        advice="Wait for Zalo's review, or mend the template and hand it in again.",
    ),
    template(
        code="-145",
        meaning="The Official Account may not send this type of content",
        advice="Check which tags the Official Account may use; its package or quality may have to rise.",
    ),
    template(
        code="-146",
        meaning="The template was disabled for low quality",
        advice="Use another template, and look at the feedback before making a new one.",
    ),
)

ABOUT_TIME: Final = (
    ErrorRow(
        code="-32",
        meaning="Too many calls per minute",
        error_class=ErrorClass.QUOTA,
        scope=Scope.CHANNEL,
        retry=Retry.NEXT_MINUTE,
        tries=60,
        failover=Failover.LATE,
        advice="Lower the account's rate, or ask Zalo for a higher one.",
    ),
    ErrorRow(
        code="-133",
        meaning="This template may not be sent between 22:00 and 06:00",
        error_class=ErrorClass.QUOTA,
        scope=Scope.TEMPLATE,
        retry=Retry.MORNING,
        tries=2,
        failover=Failover.LATE,
        advice="Nothing to do: it goes on in the morning. A night rule on the channel avoids the call.",
    ),
    daily(
        code="-144",
        meaning="The Official Account is over its daily limit",
        scope=Scope.CHANNEL,
        failover=Failover.LATE,
        advice="Nothing to do: it goes on after midnight. Better quality raises the limit.",
    ),
    monthly(
        code="-1441",
        meaning="The Official Account is over its monthly limit of promotions",
        scope=Scope.TEMPLATE,
        failover=Failover.NO,
        advice="Plan promotions for next month; the limit follows the other messages of the past two months.",
    ),
    daily(
        code="-147",
        meaning="The template is over its daily limit",
        scope=Scope.TEMPLATE,
        failover=Failover.LATE,
        advice="Nothing to do: it goes on after midnight. Better quality lifts the template's limit.",
    ),
    monthly(
        code="-1471",
        meaning="This person has had the month's follow-up messages of the Official Account",
        scope=Scope.RECIPIENT,
        failover=Failover.NO,
        advice="Leave the person out of promotions until next month.",
    ),
    daily(
        code="-1472",
        meaning="This person has had the day's promotion of the Official Account",
        scope=Scope.RECIPIENT,
        failover=Failover.NO,
        advice="Send at most one promotion a day to a person.",
    ),
    ErrorRow(
        code="-100",
        meaning="Unknown error at Zalo",
        error_class=ErrorClass.TRANSIENT,
        retry=Retry.BACKOFF,
        tries=3,
        advice="Usually passes by itself; if it stays, ask Zalo with the message's id and time.",
    ),
)

ABOUT_THE_TOKEN: Final = (
    token(
        code="-124",
        meaning="Access token invalid",
        advice="Refreshed by itself; if it stays, reconnect the Official Account.",
    ),
    token(
        code="-216",
        meaning="Access token invalid",
        advice="Refreshed by itself; if it stays, reconnect the Official Account.",
    ),
    token(
        code="-220",
        meaning="Access token expired or removed",
        advice="Refreshed by itself; if it stays, reconnect the Official Account.",
    ),
)

ABOUT_NO_SEND: Final = (
    aside(code="-107", meaning="Message id invalid", advice="Check the message id in the query."),
    aside(code="-1091", meaning="The template cannot be edited", advice="Only rejected templates can be edited."),
    aside(
        code="-1201",
        meaning="The Official Account may not create templates of tag 3",
        advice="The Official Account needs the promotion tag first.",
    ),
    aside(
        code="-1202",
        meaning="The Official Account may not use media in templates",
        advice="Make the template without media, or ask Zalo for the permission.",
    ),
    aside(code="-142", meaning="There is no RSA key", advice="Generate the key first."),
    aside(code="-143", meaning="The RSA key exists already", advice="Use the existing key."),
    aside(code="-158", meaning="The uploaded file is too large", advice="Upload a file of at most 500 KB."),
    aside(code="-159", meaning="The uploaded file has a wrong format", advice="Upload a JPG or PNG file."),
    aside(
        code="-160",
        meaning="The day's calls to create, edit or upload are used up",
        advice="Go on tomorrow.",
    ),
)
