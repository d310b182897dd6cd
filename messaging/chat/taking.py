"""Takes in what a provider told of the people of its official accounts: in any order, once each."""

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec
import psycopg
import structlog
from cryptography.exceptions import InvalidTag

from messaging.chat import marks
from messaging.chat.contacts import Known, Person, hold, write
from messaging.chat.facts import ABOUT_PEOPLE, after_all
from messaging.chat.lines import Line, write_lines
from messaging.chat.profiles import Said
from messaging.models import Receipt
from messaging.sql import read_clock
from providers.contract import Event, EventKind
from providers.zalo.chat_events import read_again
from tenants.data_keys import KeyGone, content_key_by_id

SOURCE = "zalo"
log = structlog.get_logger(__name__)


class Taken(msgspec.Struct, frozen=True):
    """What became of receipts, and what is left to do once it is committed."""

    states: dict[UUID, Receipt.State]
    after_commit: Callable[[], None]


class _Told(msgspec.Struct, frozen=True):
    """An event of a receipt, with the owner and the id of the app that it was told to."""

    receipt_id: UUID
    tenant_id: int | None
    app_id: str
    event: Event


_BODIES = """
SELECT id, tenant_id, kind, body, data_key_id, received_at FROM receipt
WHERE id = ANY(%(ids)s::uuid[]) AND id BETWEEN %(lowest)s AND %(highest)s
"""
# What a tenant's own app tells concerns accounts under apps of that tenant only.
_ACCOUNTS = """
SELECT app.tenant_id, app.app_id, oa.oa_id, account.id, account.tenant_id
FROM tenants_officialaccount oa
JOIN tenants_zaloapp app ON app.id = oa.app_id
JOIN tenants_account account ON account.id = oa.account_id
WHERE oa.oa_id = ANY(%(oas)s::text[])
"""
# What was said is now kept in the conversation, by its own rules; the raw receipt would outlive an erasure.
_DROP_BODIES = """
UPDATE receipt SET body = ''::bytea
WHERE id = ANY(%(ids)s::uuid[]) AND id BETWEEN %(lowest)s AND %(highest)s
"""


def is_about_people(source: str, kind: str) -> bool:
    """Return whether a receipt is for this room."""
    return source == SOURCE and kind in ABOUT_PEOPLE


def take_in(sql: "psycopg.Cursor[Any]", receipt_ids: Sequence[UUID]) -> Taken:
    """Bring contacts and conversations up to date, in the caller's transaction, which holds the receipts.

    An event of an account that is not known is left as unmatched, one that cannot be read as broken.
    """
    told = _read(sql, receipt_ids)
    states = dict.fromkeys(receipt_ids, Receipt.State.BROKEN)
    states |= dict.fromkeys((one.receipt_id for one in told), Receipt.State.UNMATCHED)
    events = _of_persons(sql, told)
    known = hold(sql, events, read_clock(sql)) if events else []
    now_known = [
        msgspec.structs.replace(row, facts=after_all(row.facts, [one.event for one in events[row.person]]))
        for row in known
    ]
    write(sql, now_known)
    write_lines(sql, (line for row in now_known for one in events[row.person] for line in _lines(row, one.event)))
    taken = [one.receipt_id for of_person in events.values() for one in of_person]
    states |= dict.fromkeys(taken, Receipt.State.APPLIED)
    if taken:
        sql.execute(_DROP_BODIES, _bounded(taken))
    turned = [row for before, row in zip(known, now_known, strict=True) if marks.turned(before.facts, row.facts)]
    marks.keep(turned)
    return Taken(states, lambda: marks.erase_withdrawn(turned))


def _bounded(ids: Sequence[UUID]) -> dict[str, Any]:
    return {"ids": list(ids), "lowest": min(ids), "highest": max(ids)}


def _read(sql: "psycopg.Cursor[Any]", receipt_ids: Sequence[UUID]) -> list[_Told]:
    told = []
    for id, tenant_id, kind, body, key_id, received_at in sql.execute(_BODIES, _bounded(receipt_ids)).fetchall():
        try:
            raw = content_key_by_id(key_id).open(body, id.bytes + b"receipt")
        except (KeyGone, InvalidTag):
            log.warning("chat.unreadable", receipt=str(id))
            continue
        app_id, events = read_again(raw, received_at)
        told += [_Told(id, tenant_id, app_id, event) for event in events if event.kind == kind]
    return told


def _of_persons(sql: "psycopg.Cursor[Any]", told: Iterable[_Told]) -> dict[Person, list[_Told]]:
    """Return the events by person, without those of accounts that are not known or of nobody."""
    told = [one for one in told if one.event.person and one.event.account_id]
    if not told:
        return {}
    rows = sql.execute(_ACCOUNTS, {"oas": [one.event.account_id for one in told]}).fetchall()
    accounts = {(owner, app, oa): (tenant_id, account_id) for owner, app, oa, account_id, tenant_id in rows}
    persons: dict[Person, list[_Told]] = {}
    for one in told:
        found = accounts.get((one.tenant_id, one.app_id, one.event.account_id))
        if found is not None:
            persons.setdefault(Person(*found, one.event.person), []).append(one)
    return persons


def _lines(row: Known, event: Event) -> Iterable[Line]:
    if event.kind not in (EventKind.INBOUND, EventKind.ECHO) or _erased_since(row, event.at):
        return
    data = event.data
    yield Line(
        contact_id=row.id,
        tenant_id=row.person.tenant_id,
        account_id=row.person.account_id,
        provider_message_id=event.provider_message_id or event.key,
        inbound=event.kind is EventKind.INBOUND,
        kind=str(data.get("type", "")),
        at=event.at,
        said=Said(str(data.get("text", "")), list(data.get("attachments", [])), str(data.get("quoted", ""))),
        by_person=bool(data.get("by_person")),
    )


def _erased_since(row: Known, at: datetime) -> bool:
    return row.facts.erased_at is not None and at <= row.facts.erased_at
