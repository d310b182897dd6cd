"""The SMS that follows a message: of the message itself, else of the call's options."""

from collections.abc import Callable, Mapping
from datetime import timedelta
from unicodedata import normalize

import msgspec

from messaging.content import Person
from messaging.contents.diacritics import without_diacritics
from messaging.contents.rendering import NoSuchParameter, render
from messaging.contents.segments import Parts, parts_of
from messaging.intake.errors import Findings
from messaging.intake.request import MessageIn, Options, SmsFailover
from messaging.intake.resolve import KnownTemplate
from messaging.intake.times import LONGEST_VALIDITY, OTP_VALIDITY, read_validity
from messaging.states import MessageClass

LONGEST = 1000


class Sms(msgspec.Struct, frozen=True):
    """An SMS as it will be stored: its text with its parameters still in it, and the parts that it takes.

    `bare_parts` is what it would take without diacritics.
    """

    text: str
    sender: str
    validity: timedelta
    plain: bool
    parts: Parts
    bare_parts: int


class Failovers:
    """Reads the SMS failovers of one request."""

    def __init__(
        self, options: Options, has_sms: bool, class_of: Callable[[KnownTemplate], int], findings: Findings
    ) -> None:
        self._options = options
        self._has_sms = has_sms
        self._class_of = class_of
        self._findings = findings
        self._told = False

    def read(
        self, n: int, message: MessageIn, person: Person | None, template: KnownTemplate | None, values: dict[str, str]
    ) -> Sms | None:
        """Return the SMS of message `n`, None where none follows; what is wrong goes to the findings."""
        own = message.sms_failover
        wanted, where = (
            (own, f"messages[{n}].smsFailover") if own else (self._options.sms_failover, "options.smsFailover")
        )
        if wanted is None or wanted.text is None or template is None:
            return None
        if not self._has_sms and (own or not self._told):
            self._told = True
            self._findings.add(where, "no_sms_channel", f"{where}: the tenant has no SMS channel.")
        if person is not None and not person.phone:
            self._findings.add(f"messages[{n}].to", "required", f"messages[{n}].to needs a phone for the SMS.")
        return self._sms(wanted, where, n, template, values)

    def _sms(
        self, wanted: SmsFailover, where: str, n: int, template: KnownTemplate, values: Mapping[str, str]
    ) -> Sms | None:
        text = normalize("NFC", wanted.text)
        try:
            said = render(text, values)
        except NoSuchParameter as error:
            words = f"{where}.text names {error.name}, for which messages[{n}] has no value."
            self._findings.add(f"{where}.text", "unknown_parameter", words)
            return None
        bare = without_diacritics(said)
        plain = bool(wanted.remove_diacritics or self._options.remove_diacritics)
        said = bare if plain else said
        if len(said) > LONGEST:
            words = f"{where}.text has {len(said)} characters with the values of messages[{n}], at most {LONGEST}."
            self._findings.add(f"{where}.text", "too_long", words)
        return Sms(
            text, wanted.sender or "", self._validity(wanted, where, template), plain, parts_of(said),
            parts_of(bare).count,
        )  # fmt: skip

    def _validity(self, wanted: SmsFailover, where: str, template: KnownTemplate) -> timedelta:
        period = wanted.validity_period
        given = read_validity(period, f"{where}.validityPeriod", self._findings) if period else None
        usual = OTP_VALIDITY if self._class_of(template) == MessageClass.OTP else LONGEST_VALIDITY
        return given or usual
