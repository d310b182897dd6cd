"""Codes about the set-up: the app, the Official Account, its token or one of its templates."""

from typing import Final

from providers.contract import Retry
from providers.zns.codes.rows import channel, development, template, token

CHANNEL: Final = (
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

TEMPLATE: Final = (
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

TOKEN: Final = (
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
