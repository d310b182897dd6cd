"""Codes about one message: its values, buttons, journey or mode."""

from typing import Final

from providers.zns.codes.rows import content, message

MESSAGE: Final = (
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
