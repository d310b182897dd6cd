"""What every provider is asked for and what it answers.

A provider is pure: it turns messages into the exact bytes of calls and replies into outcomes. It holds no
connection, reads no clock and knows no database. Whoever uses it moves the bytes (`providers.transport`).
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from enum import StrEnum
from typing import Any, Protocol, runtime_checkable

import msgspec

from providers.kinds import AccountKind, OpenHours

Headers = tuple[tuple[str, str], ...]


class ErrorClass(StrEnum):
    """What an error is about; it decides what the engine does (DESIGN section 5, Errors)."""

    RECIPIENT = "recipient"
    MESSAGE = "message"
    CONFIGURATION = "configuration"
    QUOTA = "quota"
    TRANSIENT = "transient"
    TOKEN = "token"
    NONE = "none"


class Scope(StrEnum):
    """How far an error reaches: what is stopped, or for whom it is remembered."""

    MESSAGE = "message"
    RECIPIENT = "recipient"
    TEMPLATE = "template"
    CHANNEL = "channel"


class Retry(StrEnum):
    """When the same message may be tried again on the same channel."""

    NEVER = "never"
    BACKOFF = "backoff"
    REFRESH_TOKEN = "refresh_token"
    NEXT_MINUTE = "next_minute"
    NEXT_DAY = "next_day"
    NEXT_MONTH = "next_month"
    MORNING = "morning"


class Failover(StrEnum):
    """Whether the next step of a route may carry the message."""

    YES = "yes"
    NO = "no"
    LATE = "late"  # only when the message would otherwise expire
    NOT_PROMOTIONAL = "not_promotional"
    BY_POLICY = "by_policy"  # only if the other content does not depend on the fault


class ErrorRow(msgspec.Struct, frozen=True, kw_only=True):
    """One row of a provider's error table.

    `tries` is the number of retries after the first call, `retry_seconds` the first wait where the code asks for a
    certain one (0: the engine's back-off). `remember_days` is 0 where the recipient is not remembered;
    `remember_class_only` keeps the memory to messages of the same class, `remember_kind` widens it from the account to
    all channels of the kind.
    """

    code: str
    meaning: str
    error_class: ErrorClass
    scope: Scope = Scope.MESSAGE
    retry: Retry = Retry.NEVER
    tries: int = 0
    failover: Failover = Failover.YES
    retry_seconds: int = 0
    remember_days: int = 0
    remember_class_only: bool = False
    remember_kind: bool = False
    advice: str = ""


class ContentKind(StrEnum):
    """What a message is made of."""

    TEMPLATE = "TEMPLATE"
    TEXT = "TEXT"
    IMAGE = "IMAGE"
    GIF = "GIF"
    FILE = "FILE"
    STICKER = "STICKER"
    REQUEST_USER_INFO = "REQUEST_USER_INFO"


class Outbound(msgspec.Struct, frozen=True, kw_only=True):
    """One message as a provider sees it: one leg, one person, one content.

    `leg_id` is 32 hex characters and travels wherever the provider echoes an id. Of the ids of the person (`phone` is
    E.164 without the plus, `oa_user_id`, `mini_app_user_id`) those that are known are given. `template` is the
    provider's own template id; `values` are keyed by the provider's parameter names. `text` is that of a TEXT or an
    SMS, `sender` the name an SMS comes from, `extra` what other contents need (documented in the provider's README).
    `valid_for` is in seconds, what remains of the message's validity.
    """

    leg_id: str
    phone: str = ""
    oa_user_id: str = ""
    mini_app_user_id: str = ""
    kind: ContentKind = ContentKind.TEMPLATE
    template: str = ""
    values: Mapping[str, str] = {}
    text: str = ""
    sender: str = ""
    extra: Mapping[str, Any] = {}
    valid_for: float | None = None
    entity_id: str = ""
    application_id: str = ""
    mode: str = ""
    sending_mode: str = ""
    journey_token: str = ""


class Context(msgspec.Struct, frozen=True, kw_only=True):
    """What a pure provider may not find out itself.

    `now` is aware; `nonce` is fresh per call; `hook_url` is where receipts come in; `origin` is empty for the
    provider's real hosts, else the sandbox's, which serves each host as its first path segment; `timeout` is in
    seconds.
    """

    now: datetime
    nonce: str = ""
    hook_url: str = ""
    origin: str = ""
    timeout: float = 10.0

    def url(self, host: str, path: str) -> str:
        """Return the absolute URL of `path` (with its leading slash) at the provider's `host`."""
        return f"{self.origin}/{host}{path}" if self.origin else f"https://{host}{path}"


class Call(msgspec.Struct, frozen=True, kw_only=True):
    """One HTTP request, exact to the byte, and the legs it carries. `timeout` is in seconds, for the whole call."""

    method: str
    url: str
    headers: Headers = ()
    body: bytes = b""
    legs: tuple[str, ...] = ()
    timeout: float = 10.0


class Reply(msgspec.Struct, frozen=True, kw_only=True):
    """An answer that arrived whole. Header names are lower case; `elapsed` is in seconds."""

    status: int
    headers: Mapping[str, str]
    body: bytes
    elapsed: float = 0.0


class NotSent(msgspec.Struct, frozen=True, kw_only=True):
    """No connection was made (DNS, refused, TLS): the provider has certainly not seen the request."""

    reason: str


class NoAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """A connection was open and no whole answer came back: the provider may have acted on the request."""

    reason: str


Response = Reply | NotSent | NoAnswer


class Verdict(StrEnum):
    """What became of one leg in one call."""

    ACCEPTED = "accepted"
    REFUSED = "refused"
    NOT_SENT = "not_sent"
    UNKNOWN = "unknown"


class Quota(msgspec.Struct, frozen=True, kw_only=True):
    """The provider's own allowance of today as it last told; None where it did not tell."""

    daily: int | None = None
    remaining: int | None = None


class Outcome(msgspec.Struct, frozen=True, kw_only=True):
    """What one call meant for one leg.

    `error` is given for REFUSED. `text` is the provider's wording or our reason, free of recipients and values.
    `retry_after` is in seconds where the provider or its error row named a time.
    """

    leg_id: str
    verdict: Verdict
    provider_message_id: str = ""
    error: ErrorRow | None = None
    text: str = ""
    http_status: int = 0
    elapsed: float = 0.0
    sent_at: datetime | None = None
    quota: Quota | None = None
    retry_after: float | None = None


class Question(msgspec.Struct, frozen=True, kw_only=True):
    """Something to ask a provider besides sending: `kind` is one of the provider's `capabilities.questions`."""

    kind: str
    params: Mapping[str, str] = {}


class Answer(msgspec.Struct, frozen=True, kw_only=True):
    """What a question yielded: `data` in the shape its kind documents, or an `error` row / a transport `reason`."""

    ok: bool
    data: Any = None
    error: ErrorRow | None = None
    reason: str = ""


class TemplateParameter(msgspec.Struct, frozen=True, kw_only=True):
    """One registered parameter of a template; lengths count characters, 0 means no limit is known."""

    name: str
    required: bool = True
    type: str = "STRING"
    min_length: int = 0
    max_length: int = 0


class TemplateDetail(msgspec.Struct, frozen=True, kw_only=True):
    """A provider's template. `timeout` is in seconds; `tag` is transaction, customer_care, promotion or otp.

    `price` is the amount in VND as the provider writes it, empty where it did not say; `quality` and `status` are the
    provider's words.
    """

    id: str
    name: str
    status: str
    tag: str = ""
    quality: str = ""
    parameters: tuple[TemplateParameter, ...] = ()
    timeout: float | None = None
    price: str = ""
    preview_url: str = ""


class DeliveryStatus(StrEnum):
    """Answer of a status question."""

    DELIVERED = "delivered"
    FAILED = "failed"
    PENDING = "pending"
    NOT_FOUND = "not_found"


class EventKind(StrEnum):
    """What a provider reports on its own.

    SENT says that a message went on from an aggregator; it ends nothing. INBOUND is what a person wrote to an account,
    ECHO what the account wrote to a person, also by way of others.
    """

    SENT = "sent"
    DELIVERED = "delivered"
    SEEN = "seen"
    FAILED = "failed"
    FEEDBACK = "feedback"
    BUTTON = "button"
    TEMPLATE_STATUS = "template_status"
    TEMPLATE_QUALITY = "template_quality"
    QUOTA_CHANGED = "quota_changed"
    VERSION_REVIEWED = "version_reviewed"
    JOURNEY = "journey"
    INBOUND = "inbound"
    ECHO = "echo"
    FOLLOWED = "followed"
    UNFOLLOWED = "unfollowed"
    PERSON_INFO = "person_info"
    WITHDRAWN = "withdrawn"
    IGNORED = "ignored"
    UNRECOGNISED = "unrecognised"


class Event(msgspec.Struct, frozen=True, kw_only=True):
    """One thing a provider reported.

    `leg_id` is what the provider echoed, empty where it did not; `account_id` is the provider's id of the account (an
    OA id); `key` is equal for repetitions of the same event; `data` holds what the kind adds, without recipients.
    `part` is what a call with several events says of this one, for keeping; a call with one event needs none.

    Kinds about a person (INBOUND to WITHDRAWN, and SEEN of a chat) name them in `person`, the provider's id for them at
    that account. What such an event holds is personal: kept sealed, never logged.
    """

    kind: EventKind
    name: str
    key: str
    at: datetime
    account_id: str = ""
    leg_id: str = ""
    provider_message_id: str = ""
    person: str = ""
    data: Mapping[str, Any] = {}
    part: bytes = b""


class Hook(msgspec.Struct, frozen=True, kw_only=True):
    """A request that came in at our webhook. Header names are lower case."""

    method: str
    path: str
    headers: Mapping[str, str]
    body: bytes
    query: Mapping[str, str] = {}


class BadSignature(Exception):
    """The webhook's signature does not fit its bytes; the text names what failed and holds no secret."""


class Records(StrEnum):
    """How the question `records` is asked about legs whose reports did not come.

    BY_IDS takes `message_ids` (leg ids with commas between) and answers `{"events": [Event]}`. BY_DAY takes `sent_at`
    and `page` and answers `{"records": [{"message_id", "status", ...}]}` of that day.
    """

    NONE = ""
    BY_IDS = "by_ids"
    BY_DAY = "by_day"


class Capabilities(msgspec.Struct, frozen=True, kw_only=True):
    """What a provider can do: ids of recipients it takes, receipts it sends, questions it answers, messages a call.

    `echoes` says that receipts name the leg by our id; without it they are found by the provider's own id. `contents`
    are those it carries; with `sms` it carries a text that stands for whatever the message is. `priced` says that what
    arrives costs the template's price and what does not arrive costs nothing. `records` says how its record of
    messages is read where reports did not come. `hours` bind its channels unless they are told to leave them.
    """

    recipients: frozenset[str]
    receipts: frozenset[EventKind]
    questions: frozenset[str]
    batch_size: int = 1
    echoes: bool = True
    contents: frozenset[ContentKind] = frozenset({ContentKind.TEMPLATE})
    sms: bool = False
    priced: bool = False
    records: Records = Records.NONE
    hours: tuple[OpenHours, ...] = ()


class Provider(Protocol):
    """The wire of one kind of channel. `credentials` keys are documented in the provider's README.

    `kind` has at most 16 characters and stands in addresses; `label` is what people read; `account` is what the channel
    sends over.
    """

    kind: str
    label: str
    account: AccountKind
    capabilities: Capabilities
    errors: Mapping[str, ErrorRow]

    def pack(self, messages: Sequence[Outbound], credentials: Mapping[str, str], context: Context) -> list[Call]:
        """Return the calls that send `messages`, each naming the legs it carries."""

    def unpack(self, call: Call, response: Response) -> list[Outcome]:
        """Return one outcome for each leg of `call`, whatever came back. Never raises on a provider's bytes."""

    def ask(self, question: Question, credentials: Mapping[str, str], context: Context) -> Call:
        """Return the call that asks `question`. Raises KeyError for a kind that is not in the capabilities."""

    def answer(self, question: Question, response: Response) -> Answer:
        """Return what the response says to `question`. Never raises on a provider's bytes."""

    def read_events(self, hook: Hook, secrets: Mapping[str, str], context: Context) -> list[Event]:
        """Verify the signature over the raw body, then parse. Raises BadSignature; unknown events are kept as such."""


@runtime_checkable
class ChecksLimits(Protocol):
    """What a provider has besides `Provider` where its wire has limits that can be checked before a call."""

    def check(self, message: Outbound) -> ErrorRow | None:
        """Return why `message` must not be sent over this wire, None if nothing speaks against it.

        `pack` makes no call for a message that is refused here.
        """
