"""Looks at every message of a decoded request: recipient, template, class, parameters."""

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any, NamedTuple
from unicodedata import normalize

import msgspec

from messaging.content import Person
from messaging.contents.carrying import carries, recipients_of
from messaging.intake import resolve
from messaging.intake.contents import Said, read_content
from messaging.intake.decode import shown
from messaging.intake.errors import Findings
from messaging.intake.failovers import Failovers, Sms
from messaging.intake.persons import check_facts, read_person
from messaging.intake.request import MessageIn, Options, PersonIn
from messaging.intake.resolve import Catalogue, KnownRoute, KnownTemplate
from messaging.states import MessageClass
from providers.contract import ContentKind
from tenants import clock
from tenants.credential_fields import SMS_KINDS


class Checked(NamedTuple):
    """One message that may be stored; `phone` is what its person is known by: the number, else an id with its prefix.

    `person` is given where more than a number is known, `content` where it is no template, `sms` where an SMS follows.
    """

    phone: str
    template: KnownTemplate
    values: dict[str, str]
    person: Person | None = None
    content: Said | None = None
    sms: Sms | None = None


# What stands for the template of a content that has none.
FREE = KnownTemplate(
    id=0,
    code="",
    message_class=int(MessageClass.TRANSACTIONAL),
    status="ENABLE",
    stop_reason="",
    rules=None,
    required=frozenset(),
    channels=frozenset(),
)


class Validator:
    """Holds what one request is checked against and collects what is wrong in `findings`."""

    def __init__(self, tenant_id: int, options: Options, findings: Findings) -> None:
        self.tenant_id = tenant_id
        self._findings = findings
        self._options = options
        self._catalogue: Catalogue = resolve.catalogue(tenant_id)
        self._fresh = False
        self._unusable: dict[str, tuple[str, str]] = {}
        self._usable: dict[tuple[str, str | None], KnownTemplate] = {}
        self._own_ids: set[str] = set()
        self._read_at: datetime | None = None
        self.route = self._find_route(options.route or resolve.DEFAULT_ROUTE)
        usual = self.route.sms_validity if self.route else None
        self._failover = Failovers(options, self._catalogue.has_sms, usual, self.class_of, findings)

    def check(self, n: int, message: MessageIn) -> Checked | None:
        """Return message `n` of the request checked, or None where something is wrong with it."""
        before = self._findings.count
        person = read_person(message.to, f"messages[{n}].to", self._findings)
        if isinstance(message.to, PersonIn) and (message.to.opted_in, message.to.last_visit) != (None, None):
            check_facts(message.to, f"messages[{n}].to", self._now(), self._findings)
        if message.message_id is not None:
            self._own_id(n, message.message_id)
        said = read_content(message, n, self._findings)
        template, values, content = self._said(n, message, said)
        self._reaches(n, person)
        sms = self._failover.read(n, message, person, template, values)
        if person is None or template is None or self._findings.count != before:
            return None
        known = person if person.oa_user_id or person.mini_app_user_id else None
        return Checked(person.key, template, values, known, content, sms)

    def _said(
        self, n: int, message: MessageIn, said: Said | None
    ) -> tuple[KnownTemplate | None, dict[str, str], Said | None]:
        """Return template, values and, where there is no template, the content."""
        if said is None:
            return None, {}, None
        if said.kind is not ContentKind.TEMPLATE:
            self._class_allowed(FREE)
            if self.route is not None and not any(carries(kind, said.kind) for kind in self.route.kinds):
                self._findings.add(
                    f"messages[{n}].content.type", "not_carried", f"No channel of the route carries {said.kind}."
                )
            return FREE, {}, said
        code = said.template_id
        template = self._usable.get((code, message.mode)) or self._template(n, code, message.mode, said.path)
        data = {} if said.data is None else said.data
        return template, check_values(data, template, n, self._findings), None

    def _reaches(self, n: int, person: Person | None) -> None:
        """Note a person whom no channel of the route can reach by the ids that are given."""
        if person is None or self.route is None or person.phone:
            return
        taken = {name for kind in self.route.kinds for name in recipients_of(kind)}
        if not any(getattr(person, name) for name in taken):
            self._findings.add(
                f"messages[{n}].to", "no_usable_id", f"messages[{n}].to has no id that a channel of the route takes."
            )

    def class_of(self, template: KnownTemplate) -> int:
        """Return the class in which messages of `template` are sent."""
        wanted = self._options.message_class
        return int(MessageClass[wanted.name]) if wanted else template.message_class

    @property
    def catalogue(self) -> Catalogue:
        """Return what the request is checked against."""
        return self._catalogue

    def _now(self) -> datetime:
        """Return the clock's time, read once a request."""
        self._read_at = self._read_at or clock.now()
        return self._read_at

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
            self._catalogue = resolve.reload(self.tenant_id)
        return self._catalogue

    def _template(self, n: int, code: str, mode: str | None, path: str) -> KnownTemplate | None:
        template = self._catalogue.templates.get(code) or self._again().templates.get(code)
        problem = self._problem(template, code, mode)
        if problem and not self._fresh:
            template = self._again().templates.get(code)
            problem = self._problem(template, code, mode)
        if problem:
            self._findings.add(path, *problem)
        elif template is not None:
            if not self._class_allowed(template):
                return template
            self._usable[code, mode] = template
        return template

    def _problem(self, template: KnownTemplate | None, code: str, mode: str | None) -> tuple[str, str] | None:
        if template is None:
            return "not_found", f"There is no template {shown(code)}."
        if template.stop_reason:
            return "stopped", f"Template {code} is stopped: {template.stop_reason}"
        if template.status != "ENABLE" and not (mode == "development" and template.status == "PENDING_REVIEW"):
            return "not_approved", f"Template {code} has the status {template.status}."
        if self.route is not None and self.route.first.isdisjoint(template.channels | self._speaking()):
            return "not_on_channel", f"Template {code} is not known on channel {self.route.channel_name}."
        return None

    def _speaking(self) -> frozenset[int]:
        """Return the channels that need no mapping, because their step has words of its own."""
        route = self.route
        if route is None:
            return frozenset()
        return route.texts | (route.first if route.kind in SMS_KINDS and self._options.sms_failover else frozenset())

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
