"""Looks at every message of a decoded request: recipient, template, class, parameters."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any, NamedTuple
from unicodedata import normalize

import msgspec

from messaging.intake import resolve
from messaging.intake.decode import shown
from messaging.intake.errors import Findings
from messaging.intake.request import MessageIn, Options
from messaging.intake.resolve import Catalogue, KnownRoute, KnownTemplate
from messaging.phones import normalise
from messaging.states import MessageClass


class Checked(NamedTuple):
    """One message that may be stored."""

    phone: str
    template: KnownTemplate
    values: dict[str, str]


class Validator:
    """Holds what one request is checked against and collects what is wrong in `findings`."""

    def __init__(self, tenant_id: int, options: Options, findings: Findings) -> None:
        self._tenant_id = tenant_id
        self._findings = findings
        self._options = options
        self._catalogue: Catalogue = resolve.catalogue(tenant_id)
        self._fresh = False
        self._unusable: dict[str, tuple[str, str]] = {}
        self._usable: dict[tuple[str, str | None], KnownTemplate] = {}
        self._own_ids: set[str] = set()
        self.route = self._find_route(options.route or resolve.DEFAULT_ROUTE)

    def check(self, n: int, message: MessageIn) -> Checked | None:
        """Return message `n` of the request checked, or None where something is wrong with it."""
        before = self._findings.count
        phone = self._phone(n, message.to)
        if message.message_id is not None:
            self._own_id(n, message.message_id)
        template = self._usable.get((message.template_id, message.mode)) or self._template(n, message)
        data = message.template_data
        values = check_values({} if data is None else data, template, n, self._findings)
        if phone is None or template is None or self._findings.count != before:
            return None
        return Checked(phone, template, values)

    def class_of(self, template: KnownTemplate) -> int:
        """Return the class in which messages of `template` are sent."""
        wanted = self._options.message_class
        return int(MessageClass[wanted.name]) if wanted else template.message_class

    @property
    def catalogue(self) -> Catalogue:
        """Return what the request is checked against."""
        return self._catalogue

    def _phone(self, n: int, text: str | None) -> str | None:
        if text is None:  # already told
            return None
        phone = normalise(text)
        if phone is None:
            self._findings.add(f"messages[{n}].to", "invalid", f"messages[{n}].to is not a phone number.")
        return phone

    def _own_id(self, n: int, own_id: str) -> None:
        if own_id in self._own_ids:
            self._findings.add(
                f"messages[{n}].messageId", "duplicate", f"messageId {own_id} appears twice in this request."
            )
        self._own_ids.add(own_id)

    def _find_route(self, name: str) -> KnownRoute | None:
        route = self._catalogue.routes.get(name) or self._again().routes.get(name)
        if route is None:
            self._findings.add("options.route", "not_found", f"There is no route {shown(name)} with a channel.")
        return route

    def _again(self) -> Catalogue:
        """Read the catalogue anew, once a request: what is missing may be younger than what is kept."""
        if not self._fresh:
            self._fresh = True
            self._catalogue = resolve.reload(self._tenant_id)
        return self._catalogue

    def _template(self, n: int, message: MessageIn) -> KnownTemplate | None:
        code = message.template_id
        if code is None:
            return None
        template = self._catalogue.templates.get(code) or self._again().templates.get(code)
        problem = self._problem(template, code, message.mode)
        if problem and not self._fresh:
            template = self._again().templates.get(code)
            problem = self._problem(template, code, message.mode)
        if problem:
            self._findings.add(f"messages[{n}].templateId", *problem)
        elif template is not None:
            if not self._class_allowed(template):
                return template
            self._usable[code, message.mode] = template
        return template

    def _problem(self, template: KnownTemplate | None, code: str, mode: str | None) -> tuple[str, str] | None:
        if template is None:
            return "not_found", f"There is no template {shown(code)}."
        if template.stop_reason:
            return "stopped", f"Template {code} is stopped: {template.stop_reason}"
        if template.status != "ENABLE" and not (mode == "development" and template.status == "PENDING_REVIEW"):
            return "not_approved", f"Template {code} has the status {template.status}."
        if self.route is not None and self.route.first.isdisjoint(template.channels):
            return "not_on_channel", f"Template {code} is not known on channel {self.route.channel_name}."
        return None

    def _class_allowed(self, template: KnownTemplate) -> bool:
        wanted = self.class_of(template)
        is_password = template.message_class == MessageClass.OTP
        if wanted == template.message_class or (wanted > template.message_class and not is_password):
            return True
        if template.code not in self._unusable:
            own = MessageClass(template.message_class).queue
            message = f"Template {template.code} is {own}; it cannot be sent as {MessageClass(wanted).queue}."
            # Only the class of one-time passwords has its content erased at its end.
            code = "class_too_low" if is_password else "class_too_high"
            self._unusable[template.code] = (code, message)
            self._findings.add("options.class", code, message)
        return False


def check_values(
    data: Mapping[str, Any] | msgspec.UnsetType, template: KnownTemplate | None, n: int, findings: Findings
) -> dict[str, str]:
    """Return the values as strings in Unicode's composed form (lengths are counted in it).

    Strings and numbers are taken; everything else, and what the template's rules forbid, goes to `findings`.
    """
    values: dict[str, str] = {}
    if data is msgspec.UNSET:  # already told
        return values
    rules = template.rules if template is not None else None
    for name, value in data.items():
        if value.__class__ is str:
            text = value if value.isascii() else normalize("NFC", value)
        elif value.__class__ is int:
            text = str(value)
        elif value.__class__ is float:
            text = format(Decimal(repr(value)), "f")
        else:
            _tell(findings, n, name, "wrong_type", "must be a string or a number")
            continue
        values[name] = text
        if rules is None:
            continue
        rule = rules.get(name)
        if rule is None:
            _tell(findings, n, name, "unknown", "is not a parameter of the template")
        elif rule.longest and len(text) > rule.longest:
            _tell(findings, n, name, "too_long", f"has {len(text)} characters, at most {rule.longest} are allowed")
        elif len(text) < rule.shortest:
            _tell(findings, n, name, "too_short", f"has {len(text)} characters, at least {rule.shortest} are needed")
        elif rule.required and not text:
            _tell(findings, n, name, "too_short", "must not be empty")
    if template is not None and not template.required <= values.keys():
        for name in sorted(template.required - data.keys()):
            _tell(findings, n, name, "required", "is missing")
    return values


def _tell(findings: Findings, n: int, name: str, code: str, message: str) -> None:
    where = f"messages[{n}].templateData.{shown(name)}"
    findings.add(where, code, f"{where} {message}.")
