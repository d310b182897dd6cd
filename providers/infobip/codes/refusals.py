"""Refusals of whole requests by HTTP status (infobip.md section 9), and messages that are refused before sending."""

from functools import partial
from typing import Final

from providers.contract import Failover, Retry
from providers.infobip.codes.rows import aside, channel, content, key, message, passing, quota

BAD_REQUEST: Final = message(
    code="HTTP_400",
    meaning="The platform found the message malformed",
    advice="Compare the message with what the template allows; if it fits, report it to the operator.",
)
# Nothing tells which message of many is the bad one. Tries at different times part the batch.
BAD_BATCH: Final = message(
    code="HTTP_400_BATCH",
    meaning="The platform refused all messages of a request without naming the bad one",
    retry=Retry.BACKOFF,
    tries=3,
    advice="Look for what the messages sent together have in common; the good ones pass when tried again.",
)
UNAUTHORIZED: Final = key(
    code="HTTP_401",
    meaning="Infobip does not accept the key",
    advice="api_key: make a new key in Infobip's portal and put it into the account.",
)
FORBIDDEN: Final = key(
    code="HTTP_403",
    meaning="The key may not do this",
    advice="api_key: give the key the scopes for this channel in Infobip's portal; check its allowed addresses.",
)
NOT_FOUND: Final = channel(
    code="HTTP_404",
    meaning="Infobip knows no such path or sender",
    advice="base_url, sender: compare both with Infobip's portal.",
)
CONFLICT: Final = aside(
    code="HTTP_409",
    meaning="The sender has a key already",
    advice="Read the existing key instead of making one.",
)
TOO_MANY_REQUESTS: Final = quota(
    code="HTTP_429",
    meaning="Too many calls",
    retry=Retry.BACKOFF,
    tries=20,
    failover=Failover.LATE,
    advice="Lower the account's rate.",
)
SERVER_ERROR: Final = passing(
    code="HTTP_5XX",
    meaning="Infobip or Zalo behind it had a fault",
    tries=2,
    advice="Usually passes by itself; if it stays, ask Infobip.",
)
OTHER: Final = partial(
    message, meaning="Infobip refused the request", advice="Look the HTTP status up; report it to the operator."
)

HTTP: Final = (
    BAD_REQUEST,
    BAD_BATCH,
    UNAUTHORIZED,
    FORBIDDEN,
    NOT_FOUND,
    CONFLICT,
    TOO_MANY_REQUESTS,
    SERVER_ERROR,
)

NO_RECIPIENT: Final = message(
    code="LOCAL_RECIPIENT",
    meaning="The message has no id that this channel can send to",
    advice="Give the recipient's phone number.",
)
TOO_LONG: Final = content(
    code="LOCAL_TOO_LONG",
    meaning="A field is longer than the platform takes",
    advice="Shorten the values, the sender or the platform ids.",
)
LOCAL: Final = (NO_RECIPIENT, TOO_LONG)

TEMPLATE_ID: Final = message(
    code="LOCAL_TEMPLATE_ID",
    meaning="The template's id is no number",
    advice="Map the template to Infobip's number for it.",
)
NOT_A_TEMPLATE: Final = content(
    code="LOCAL_CONTENT",
    meaning="This channel carries templates only",
    advice="Send a template, or use a channel of the Official Account.",
)
MODE: Final = message(
    code="LOCAL_MODE",
    meaning="Infobip has no such mode",
    failover=Failover.NO,
    advice="Leave mode out, and give sendingMode as 1 or 3; tests of development mode need the direct channel.",
)
NOT_SEALABLE: Final = content(
    code="LOCAL_ENCRYPTION",
    meaning="A value cannot be encrypted: it is too long for the key, or the key cannot be read",
    advice="public_key: compare it with the sender's key at Infobip; shorten the value.",
)
LOCAL_ZALO: Final = (TEMPLATE_ID, NOT_A_TEMPLATE, MODE, NOT_SEALABLE)

NO_TEXT: Final = message(code="LOCAL_TEXT", meaning="The SMS has no text", advice="Give the SMS a text.")
NO_SENDER: Final = message(
    code="LOCAL_SENDER", meaning="The SMS has no sender", advice="sender: set one in the channel or in the message."
)
LOCAL_SMS: Final = (NO_TEXT, NO_SENDER)
