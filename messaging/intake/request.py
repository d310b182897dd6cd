"""What a client sends to POST /v1/messages, field by field. An explicit null is as good as an absent field."""

from datetime import datetime
from enum import StrEnum
from typing import Annotated, Literal

import msgspec
from msgspec import Meta

MOST_MESSAGES = 10_000

# PostgreSQL stores no NUL, and no other control character belongs into an id or a label.
# Python's $ would let a last line feed pass.
_PRINTABLE = r"^[^\x00-\x1f\x7f]*$(?!\n)"
OwnId = Annotated[
    str,
    Meta(
        min_length=1,
        max_length=200,
        pattern=r"^[A-Za-z0-9._:\-]+$(?!\n)",
        description="Your own id of the message, unique in the tenant.",
    ),
]
Reference = Annotated[str, Meta(max_length=200, pattern=_PRINTABLE, description="Free text that can be searched for.")]
Label = Annotated[str, Meta(max_length=255, pattern=_PRINTABLE)]
UserId = Annotated[str, Meta(min_length=1, max_length=64, pattern=r"^[0-9A-Za-z_\-]+$(?!\n)")]
Amount = Annotated[int, Meta(ge=1, le=1_000_000)]
Moment = Annotated[datetime, Meta(tz=True, description="RFC 3339 with a time zone.")]
Value = str | int | float
Values = Annotated[dict[str, Value], Meta(description="Values by parameter name; a number is taken as its digits.")]


class TimeUnit(StrEnum):
    """Units of a period."""

    SECONDS = "SECONDS"
    MINUTES = "MINUTES"
    HOURS = "HOURS"


class ClassName(StrEnum):
    """Names of the message classes."""

    OTP = "otp"
    TRANSACTIONAL = "transactional"
    PROMOTIONAL = "promotional"


class _Strict(msgspec.Struct, frozen=True, forbid_unknown_fields=True, rename="camel", kw_only=True, gc=False):
    """Base of the request's parts."""


class ValidityPeriod(_Strict, frozen=True):
    """How long a message is worth sending."""

    amount: Amount
    time_unit: TimeUnit = TimeUnit.MINUTES


class PersonIn(_Strict, frozen=True):
    """A person by every id that you know; each channel takes the one that it needs.

    `optedIn` and `lastVisit` are facts about the Mini App's user, kept until you tell newer ones.
    """

    phone: Annotated[str, Meta(min_length=1, max_length=40)] | None = None
    oa_user_id: UserId | None = None
    mini_app_user_id: (
        Annotated[str, Meta(pattern=r"^[0-9]{10,20}$(?!\n)", description="What getUserID() gives: 10 to 20 digits.")]
        | None
    ) = None
    opted_in: (
        Annotated[bool, Meta(description="The person's answer to requestSendNotification in the Mini App.")] | None
    ) = None
    last_visit: (
        Annotated[datetime, Meta(tz=True, description="When the person last opened the Mini App: RFC 3339.")] | None
    ) = None


class ButtonIn(_Strict, frozen=True):
    """A button under a message of an Official Account; `payload` as its type asks for."""

    title: Annotated[str, Meta(min_length=1, max_length=100)]
    type: Literal["oa.open.url", "oa.query.show", "oa.query.hide", "oa.open.phone", "oa.open.sms"]
    payload: dict[str, str] | str | None = None


class ContentIn(_Strict, frozen=True):
    """What a message says: a template, or what an Official Account may send to a person who talks with it."""

    type: Literal["TEMPLATE", "TEXT", "IMAGE", "GIF", "FILE", "STICKER", "REQUEST_USER_INFO"]
    template_id: Annotated[str, Meta(min_length=1, max_length=64)] | None = None
    template_data: (
        Annotated[dict[str, Value], Meta(description="Values by parameter name; a number is taken as its digits.")]
        | None
    ) = None
    text: Annotated[str, Meta(max_length=2000)] | None = None
    url: Annotated[str, Meta(max_length=2000, pattern=r"^https://[^\s]+$(?!\n)")] | None = None
    attachment_id: Annotated[str, Meta(max_length=500, pattern=_PRINTABLE)] | None = None
    token: Annotated[str, Meta(max_length=2000, pattern=_PRINTABLE)] | None = None
    width: Annotated[int, Meta(ge=1, le=10_000)] | None = None
    height: Annotated[int, Meta(ge=1, le=10_000)] | None = None
    title: Annotated[str, Meta(max_length=100)] | None = None
    subtitle: Annotated[str, Meta(max_length=500)] | None = None
    image_url: Annotated[str, Meta(max_length=2000, pattern=r"^https://[^\s]+$(?!\n)")] | None = None
    quote_message_id: Annotated[str, Meta(max_length=200, pattern=_PRINTABLE)] | None = None
    buttons: Annotated[list[ButtonIn], Meta(max_length=5)] | None = None


class SmsFailover(_Strict, frozen=True):
    """The SMS that follows where no channel before it delivers in the message's validity.

    It has a validity of its own, from its start on: 48 hours unless given, for one-time passwords five minutes.
    """

    text: Annotated[
        str, Meta(min_length=1, max_length=1000, description="May hold {{parameter}} of the message's templateData.")
    ]
    sender: Annotated[str, Meta(min_length=1, max_length=20, pattern=r"^[0-9A-Za-z]+$(?!\n)")] | None = None
    validity_period: ValidityPeriod | None = None
    remove_diacritics: bool | None = None


class MessageIn(_Strict, frozen=True):
    """One message: to whom, which template, with which values. `templateId` with `templateData` is short for a content
    of the type TEMPLATE."""

    to: (
        Annotated[str, Meta(min_length=1, max_length=40, description="A phone number: 0987..., +84987... or 84987...")]
        | PersonIn
    )
    template_id: Annotated[str, Meta(min_length=1, max_length=64)] | None = None
    template_data: (
        Annotated[dict[str, Value], Meta(description="Values by parameter name; a number is taken as its digits.")]
        | None
    ) = None
    content: ContentIn | None = None
    sms_failover: SmsFailover | None = None
    message_id: OwnId | None = None
    reference: Reference | None = None
    journey_token: Annotated[str, Meta(max_length=2000, pattern=_PRINTABLE)] | None = None
    mode: Literal["development"] | None = None
    sending_mode: Literal["1", "3"] | None = None
    callback_data: Annotated[str, Meta(max_length=4000, description="Comes back in every callback.")] | None = None


class DayName(StrEnum):
    """Days of the week."""

    MONDAY = "MONDAY"
    TUESDAY = "TUESDAY"
    WEDNESDAY = "WEDNESDAY"
    THURSDAY = "THURSDAY"
    FRIDAY = "FRIDAY"
    SATURDAY = "SATURDAY"
    SUNDAY = "SUNDAY"


class ClockTime(_Strict, frozen=True):
    """A time of day in UTC."""

    hour: Annotated[int, Meta(ge=0, le=23)]
    minute: Annotated[int, Meta(ge=0, le=59)] = 0


class DeliveryTimeWindow(_Strict, frozen=True, kw_only=True):
    """Messages leave only from `from` on and before `to`, in UTC, at least an hour later.

    A window whose end is before its start goes on past midnight; its day is that of the start. Without days it opens
    each day.
    """

    days: Annotated[list[DayName], Meta(min_length=1, max_length=7)] | None = None
    opens: ClockTime = msgspec.field(name="from")
    closes: ClockTime = msgspec.field(name="to")


class SpeedUnit(StrEnum):
    """Units of a sending speed."""

    MINUTE = "MINUTE"
    HOUR = "HOUR"
    DAY = "DAY"


class SendingSpeedLimit(_Strict, frozen=True):
    """At most so many messages leave in any stretch of one unit, evenly spread."""

    amount: Amount
    time_unit: SpeedUnit = SpeedUnit.MINUTE


class HaltOn(_Strict, frozen=True):
    """The bulk pauses itself once so many messages have failed, if they are more than so many percent of the ended."""

    failures: Amount
    percent: Annotated[int, Meta(ge=0, le=99)] = 0


class Platform(_Strict, frozen=True):
    """Labels of the client's own organisation."""

    entity_id: Label | None = None
    application_id: Label | None = None


class Options(_Strict, frozen=True):
    """What holds for all messages of the call."""

    route: Annotated[str, Meta(min_length=1, max_length=50)] | None = None
    message_class: ClassName | None = msgspec.field(name="class", default=None)
    send_at: Moment | None = None
    validity_period: ValidityPeriod | None = None
    delivery_time_window: DeliveryTimeWindow | None = None
    sending_speed_limit: SendingSpeedLimit | None = None
    halt_on: HaltOn | None = None
    platform: Platform | None = None
    sms_failover: SmsFailover | None = None
    remove_diacritics: Annotated[bool, Meta(description="Write texts of SMS without diacritics.")] | None = None


class SendRequest(_Strict, frozen=True):
    """The whole call."""

    messages: Annotated[list[MessageIn], Meta(min_length=1, max_length=MOST_MESSAGES)]
    options: Options | None = None
