"""Turns claimed messages into what a provider packs: opened, mapped, with the rules that judge the outcome."""

from collections.abc import Sequence
from uuid import UUID

import msgspec
from cryptography.exceptions import InvalidTag
from django.conf import settings

from messaging.content import open_content, open_recipient
from messaging.dispatch.claiming import Claim, Claimed
from messaging.dispatch.decide import Rules
from messaging.dispatch.mappings import DEADLINE, Mapped, mapping
from messaging.ids import leg_id
from messaging.routing import onward, step_of
from messaging.sql import cursor
from providers.contract import ErrorClass, ErrorRow, Outbound, Outcome, Scope, Verdict
from tenants.data_keys import KeyGone, content_key_by_id

CONTENT_GONE = ErrorRow(
    code="CONTENT_GONE",
    meaning="the content was erased or cannot be opened",
    error_class=ErrorClass.MESSAGE,
    advice="Send the message again; if this happens to many messages check that every master key is configured.",
)
TEMPLATE_NOT_MAPPED = ErrorRow(
    code="TEMPLATE_NOT_MAPPED",
    meaning="the template is not mapped on this channel",
    error_class=ErrorClass.CONFIGURATION,
    scope=Scope.TEMPLATE,
    advice="Sync the templates of the channel or add the mapping.",
)
TEMPLATE_STOPPED = ErrorRow(
    code="TEMPLATE_STOPPED",
    meaning="the template is stopped",
    error_class=ErrorClass.CONFIGURATION,
    scope=Scope.TEMPLATE,
    advice="See why at the template, mend it and resume it; messages go on by themselves.",
)


class Loaded(msgspec.Struct, frozen=True):
    """A claimed message ready to go, or (`outbound` is None) the outcome it has without a call."""

    claimed: Claimed
    rules: Rules
    outbound: Outbound | None
    outcome: Outcome | None = None
    template_id: int = 0


class _Row(msgspec.Struct, frozen=True):
    id: UUID
    recipient: bytes | None
    content: bytes | None
    data_key_id: int
    template_id: int
    route_id: int


_LOAD = """
SELECT id, recipient, content, data_key_id, template_id, route_id FROM message
WHERE id = ANY(%(ids)s::uuid[]) AND id BETWEEN %(lowest)s AND %(highest)s
"""


def load(claim: Claim, resend_unknown: bool) -> Sequence[Loaded]:
    """Return every claimed message, loaded; one query for all of them."""
    ids = [claimed.message_id for claimed in claim.messages]
    if not ids:
        return []
    with cursor() as sql:
        found = sql.execute(_LOAD, {"ids": ids, "lowest": min(ids), "highest": max(ids)}).fetchall()
    rows = {row[0]: _Row(*row) for row in found}
    return [_load(claim, claimed, rows.get(claimed.message_id), resend_unknown) for claimed in claim.messages]


def _rules(claim: Claim, claimed: Claimed, row: _Row, mapped: Mapped | None, resend_unknown: bool) -> Rules:
    step = step_of(row.route_id, claimed.step, claim.channel_id)
    deadline = mapped.deadline if mapped else DEADLINE
    return Rules(
        deadline=step.deadline if step and step.deadline else deadline,
        unknown_wait=settings.UNKNOWN_WAIT,
        resend_unknown=resend_unknown,
        price=mapped.price if mapped else None,
        onward=onward(
            tenant_id=claimed.tenant_id,
            route_id=row.route_id,
            template_id=row.template_id,
            message_class=claimed.message_class,
            test=claim.test,
            position=claimed.step,
            channel_id=claim.channel_id,
            bulk_id=claim.own_bulk,
        ),
    )


def _load(claim: Claim, claimed: Claimed, row: _Row | None, resend_unknown: bool) -> Loaded:
    if row is None:
        return _without_call(claimed, Rules(deadline=DEADLINE, unknown_wait=settings.UNKNOWN_WAIT), CONTENT_GONE)
    mapped = mapping(row.template_id, claim.channel_id)
    rules = _rules(claim, claimed, row, mapped, resend_unknown)
    if row.recipient is None or row.content is None:
        return _without_call(claimed, rules, CONTENT_GONE)
    if mapped is None:
        return _without_call(claimed, rules, TEMPLATE_NOT_MAPPED)
    if mapped.stop_code:
        return _without_call(claimed, rules, TEMPLATE_STOPPED)
    try:
        key = content_key_by_id(row.data_key_id)
        phone = open_recipient(key, row.id, row.recipient)
        content = open_content(key, row.id, row.content)
    except (KeyGone, InvalidTag, msgspec.DecodeError):
        return _without_call(claimed, rules, CONTENT_GONE)
    names = mapped.names
    values = {names.get(name, name): value for name, value in content.values.items()} if names else content.values
    outbound = Outbound(
        leg_id=leg_id(row.id, claimed.leg),
        phone=phone,
        template=mapped.template,
        values=values,
        mode=content.mode,
        sending_mode=content.sending_mode,
        journey_token=content.journey_token,
    )
    return Loaded(claimed, rules, outbound, template_id=row.template_id)


def _without_call(claimed: Claimed, rules: Rules, error: ErrorRow) -> Loaded:
    outcome = Outcome(leg_id=leg_id(claimed.message_id, claimed.leg), verdict=Verdict.REFUSED, error=error)
    return Loaded(claimed, rules, None, outcome)
