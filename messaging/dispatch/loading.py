"""Turns claimed messages into what a provider packs: opened, mapped, with the rules that judge the outcome."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

import msgspec
from cryptography.exceptions import InvalidTag
from django.conf import settings

from messaging.arrays import uuids
from messaging.content import Content, Person, open_content, open_person
from messaging.contents.carrying import carries
from messaging.dispatch.claiming import Claim, Claimed
from messaging.dispatch.decide import Rules
from messaging.dispatch.local_refusals import (
    CONTENT_GONE,
    CONTENT_NOT_CARRIED,
    NO_TEXT,
    PARAMETER_MISSING,
    RECIPIENT_ID_MISSING,
    SKIPS,
    TEMPLATE_NOT_MAPPED,
    TEMPLATE_STOPPED,
)
from messaging.dispatch.mappings import DEADLINE, Mapped, mapping
from messaging.ids import leg_id
from messaging.routing import Step, onward, step_of
from messaging.sql import cursor
from providers.contract import ContentKind, ErrorRow, EventKind, Outbound, Outcome, Verdict
from providers.registry import provider
from tenants.credential_fields import SMS_KINDS
from tenants.data_keys import KeyGone, content_key_by_id
from tenants.texts.diacritics import without_diacritics
from tenants.texts.rendering import NoSuchParameter, render

# A text waits for its report as long as it is valid, unless its step says otherwise.
SMS_DEADLINE = timedelta(hours=48)


class Loaded(msgspec.Struct, frozen=True):
    """A claimed message ready to go, or (`outbound` is None) the outcome it has without a call."""

    claimed: Claimed
    rules: Rules
    outbound: Outbound | None
    outcome: Outcome | None = None
    template_id: int = 0


class Carrier(msgspec.Struct, frozen=True):
    """The channel that carries: its kind, and the sender of texts that name none."""

    kind: str = "zns"
    sender: str = ""


class _Row(msgspec.Struct, frozen=True):
    id: UUID
    recipient: bytes | None
    content: bytes | None
    data_key_id: int
    template_id: int
    route_id: int
    sms_validity: timedelta | None
    entity_id: str | None
    application_id: str | None


class _Refused(Exception):
    """No call is made for the message."""

    def __init__(self, error: ErrorRow) -> None:
        super().__init__(error.code)
        self.error = error


_LOAD = """
SELECT id, recipient, content, data_key_id, template_id, route_id, sms_validity, entity_id, application_id FROM message
WHERE id = ANY(%(ids)s::uuid[]) AND id BETWEEN %(lowest)s AND %(highest)s
"""


def load(claim: Claim, resend_unknown: bool, carrier: Carrier = Carrier()) -> Sequence[Loaded]:  # noqa: B008 frozen
    """Return every claimed message, loaded; one query for all of them."""
    ids = [claimed.message_id for claimed in claim.messages]
    if not ids:
        return []
    with cursor() as sql:
        found = sql.execute(_LOAD, {"ids": uuids(ids), "lowest": min(ids), "highest": max(ids)}).fetchall()
    rows = {row[0]: _Row(*row) for row in found}
    return [_load(claim, claimed, rows.get(claimed.message_id), resend_unknown, carrier) for claimed in claim.messages]


def _rules(
    claim: Claim,
    claimed: Claimed,
    row: _Row,
    step: Step | None,
    mapped: Mapped | None,
    resend_unknown: bool,
    carrier: Carrier,
) -> Rules:
    can = provider(carrier.kind).capabilities
    deadline = SMS_DEADLINE if carrier.kind in SMS_KINDS else mapped.deadline if mapped else DEADLINE
    return Rules(
        deadline=step.deadline if step and step.deadline else deadline,
        unknown_wait=settings.UNKNOWN_WAIT,
        resend_unknown=resend_unknown,
        price=mapped.price if mapped and can.priced else None,
        receipts=EventKind.DELIVERED in can.receipts,
        onward=onward(
            tenant_id=claimed.tenant_id,
            route_id=row.route_id,
            template_id=row.template_id,
            message_class=claimed.message_class,
            test=claim.test,
            position=claimed.step,
            channel_id=claim.channel_id,
            bulk_id=claim.own_bulk,
            sms_validity=row.sms_validity,
        ),
    )


def _load(claim: Claim, claimed: Claimed, row: _Row | None, resend_unknown: bool, carrier: Carrier) -> Loaded:
    if row is None:
        return _without_call(claimed, Rules(deadline=DEADLINE, unknown_wait=settings.UNKNOWN_WAIT), CONTENT_GONE)
    mapped = mapping(row.template_id, claim.channel_id) if row.template_id else None
    step = step_of(row.route_id, claimed.step, claim.channel_id)
    rules = _rules(claim, claimed, row, step, mapped, resend_unknown, carrier)
    try:
        person, content = _open(row)
        outbound = _outbound(claim, claimed, row, step, mapped, person, content, carrier)
    except _Refused as refused:
        return _without_call(claimed, rules, refused.error)
    return Loaded(claimed, rules, outbound, template_id=row.template_id)


def _open(row: _Row) -> tuple[Person, Content]:
    if row.recipient is None or row.content is None:
        raise _Refused(CONTENT_GONE)
    try:
        key = content_key_by_id(row.data_key_id)
        return open_person(key, row.id, row.recipient), open_content(key, row.id, row.content)
    except (KeyGone, InvalidTag, msgspec.DecodeError) as error:
        raise _Refused(CONTENT_GONE) from error


def _outbound(
    claim: Claim,
    claimed: Claimed,
    row: _Row,
    step: Step | None,
    mapped: Mapped | None,
    person: Person,
    content: Content,
    carrier: Carrier,
) -> Outbound:
    """Return what the provider is given. Raises _Refused."""
    needs = provider(carrier.kind).capabilities.recipients
    if not any(getattr(person, name) for name in needs):
        raise _Refused(RECIPIENT_ID_MISSING)
    sms = carrier.kind in SMS_KINDS
    if not sms and not carries(carrier.kind, content.kind):
        raise _Refused(CONTENT_NOT_CARRIED)
    if not sms and content.kind == ContentKind.TEMPLATE:
        if mapped is None:
            raise _Refused(TEMPLATE_NOT_MAPPED)
        if mapped.stop_code:
            raise _Refused(TEMPLATE_STOPPED)
    names = mapped.names if mapped else {}
    return Outbound(
        leg_id=leg_id(row.id, claimed.leg),
        phone=person.phone,
        oa_user_id=person.oa_user_id,
        mini_app_user_id=person.mini_app_user_id,
        kind=ContentKind.TEXT if sms else ContentKind(content.kind),
        template=mapped.template if mapped else "",
        values={names.get(name, name): value for name, value in content.values.items()} if names else content.values,
        text=_text(content, step, mapped) if sms else content.text,
        sender=(content.sms_sender or (step.sender if step else "") or carrier.sender) if sms else "",
        extra=content.extra,
        valid_for=_remains(claimed.expires_at, claim.at),
        entity_id=row.entity_id or "",
        application_id=row.application_id or "",
        mode=content.mode,
        sending_mode=content.sending_mode,
        journey_token=content.journey_token,
    )


def _remains(expires_at: datetime, now: datetime) -> float:
    return max((expires_at - now).total_seconds(), 0.0)


def _text(content: Content, step: Step | None, mapped: Mapped | None) -> str:
    """Return an SMS: the message's own words, else those of the step, else the template's. Raises _Refused."""
    text = content.sms_text or (step.text if step else "") or (mapped.text if mapped else "") or content.text
    if not text:
        raise _Refused(NO_TEXT)
    try:
        said = render(text, content.values)
    except NoSuchParameter as error:
        raise _Refused(PARAMETER_MISSING) from error
    # What a client was told of its own words holds, whatever the step says.
    plain = content.plain or (not content.sms_text and step is not None and step.plain)
    return without_diacritics(said) if plain else said


def _without_call(claimed: Claimed, rules: Rules, error: ErrorRow) -> Loaded:
    outcome = Outcome(leg_id=leg_id(claimed.message_id, claimed.leg), verdict=Verdict.REFUSED, error=error)
    if error.code in SKIPS and rules.onward is not None:
        causes = rules.onward.causes | {error.error_class.value}
        rules = msgspec.structs.replace(rules, onward=msgspec.structs.replace(rules.onward, causes=causes))
    return Loaded(claimed, rules, None, outcome)
