"""The SMS that follows a message: of the message itself, else of the call's options."""

from collections.abc import Callable, Mapping
from datetime import timedelta
from unicodedata import normalize

import msgspec

from messaging.content import Person
from messaging.intake.errors import Findings
from messaging.intake.request import MessageIn, Options, SmsFailover
from messaging.intake.resolve import KnownTemplate
from messaging.intake.times import LONGEST_VALIDITY, OTP_VALIDITY, read_validity
from messaging.states import MessageClass
from tenants.texts.checking import LONGEST
from tenants.texts.length import Length, length_of
from tenants.texts.rendering import NoSuchParameter, render


class Sms(msgspec.Struct, frozen=True):
    """An SMS as it will be stored: its text with its parameters still in it, and its length with them filled in."""

    text: str
    sender: str
    validity: timedelta
    plain: bool
    length: Length


def wanted_by(message: MessageIn, options: Options) -> SmsFailover | None:
    """Return the SMS failover that a message has: its own, else that of the call."""
    return message.sms_failover or options.sms_failover


def filled(wanted: SmsFailover, options: Options, values: Mapping[str, str]) -> Length:
    """Return the length of the SMS with these values. Raises NoSuchParameter."""
    return length_of(render(_text(wanted), values), plain=_plain(wanted, options))


def _text(wanted: SmsFailover) -> str:
    return normalize("NFC", wanted.text)


def _plain(wanted: SmsFailover, options: Options) -> bool:
    return bool(wanted.remove_diacritics or options.remove_diacritics)


class Failovers:
    """Reads the SMS failovers of one request."""

    def __init__(
        self,
        options: Options,
        has_sms: bool,
        usual: timedelta | None,
        class_of: Callable[[KnownTemplate], int],
        findings: Findings,
    ) -> None:
        """`usual` is the validity that the SMS step of the route gives, if any."""
        self._options = options
        self._usual = usual
        self._has_sms = has_sms
        self._class_of = class_of
        self._findings = findings
        self._told = False

    def read(
        self, n: int, message: MessageIn, person: Person | None, template: KnownTemplate | None, values: dict[str, str]
    ) -> Sms | None:
        """Return the SMS of message `n`, None where none follows; what is wrong goes to the findings."""
        own, wanted = message.sms_failover, wanted_by(message, self._options)
        where = f"messages[{n}].smsFailover" if own else "options.smsFailover"
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
        try:
            length = filled(wanted, self._options, values)
        except NoSuchParameter as error:
            words = f"{where}.text names {error.name}, for which messages[{n}] has no value."
            self._findings.add(f"{where}.text", "unknown_parameter", words)
            return None
        if length.characters > LONGEST:
            words = (
                f"{where}.text has {length.characters} characters with the values of messages[{n}], at most {LONGEST}."
            )
            self._findings.add(f"{where}.text", "too_long", words)
        validity = self._validity(wanted, where, template)
        return Sms(_text(wanted), wanted.sender or "", validity, _plain(wanted, self._options), length)

    def _validity(self, wanted: SmsFailover, where: str, template: KnownTemplate) -> timedelta:
        period = wanted.validity_period
        given = read_validity(period, f"{where}.validityPeriod", self._findings) if period else None
        usual = OTP_VALIDITY if self._class_of(template) == MessageClass.OTP else LONGEST_VALIDITY
        return given or self._usual or usual
