"""Our own messages in conversations: written once they are accepted, whether or not their echo comes."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec
import psycopg
from cryptography.exceptions import InvalidTag

from messaging.chat.contacts import Known, Person, hold, write
from messaging.chat.facts import later
from messaging.chat.lines import Line, write_lines
from messaging.chat.profiles import Profile, Said
from messaging.content import Content, open_content, open_person
from messaging.sql import atomic_cursor, read_clock
from tenants.data_keys import KeyGone, content_key_by_id

CHAT_KIND = "oa"


class OwnSend(msgspec.Struct, frozen=True):
    """A message of ours that a provider accepted over an official account's chat; `sent_at` is aware or unknown."""

    message_id: UUID
    account_id: int
    provider_message_id: str
    sent_at: datetime | None


class _Sent(msgspec.Struct, frozen=True):
    """An own send with what it said and to whom."""

    send: OwnSend
    person: Person
    content: Content


_READ = """
SELECT m.id, account.tenant_id, account.id, m.recipient, m.content, m.data_key_id
FROM unnest(%(ids)s::uuid[], %(accounts)s::bigint[]) AS told(id, account)
JOIN message m ON m.id = told.id AND m.id BETWEEN %(lowest)s AND %(highest)s
JOIN tenants_account account ON account.id = told.account
WHERE m.recipient IS NOT NULL AND m.content IS NOT NULL
"""


def note_own_sends(sends: Sequence[OwnSend]) -> None:
    """Write accepted messages into their conversations; safe to repeat."""
    if not sends:
        return
    with atomic_cursor() as sql:
        now = read_clock(sql)
        sent = {one.send.message_id: one for one in _read(sql, sends)}
        by_person: dict[Person, list[_Sent]] = {}
        for one in sent.values():
            by_person.setdefault(one.person, []).append(one)
        held = hold(sql, by_person, now) if by_person else []
        rows = [_heard(row, now) for row in held]
        write(sql, rows)
        write_lines(sql, (_line(row, one, now) for row in rows for one in by_person[row.person]))


def _heard(row: Known, now: datetime) -> Known:
    """Return the contact as one that was written to just now."""
    facts = row.facts
    profile = facts.profile or Profile(row.person.user_id)
    heard = msgspec.structs.replace(facts, profile=profile, touched_at=later(facts.touched_at, now))
    return msgspec.structs.replace(row, facts=heard)


def _read(sql: "psycopg.Cursor[Any]", sends: Sequence[OwnSend]) -> Iterable[_Sent]:
    by_id = {send.message_id: send for send in sends}
    values = {
        "ids": list(by_id),
        "accounts": [send.account_id for send in by_id.values()],
        "lowest": min(by_id),
        "highest": max(by_id),
    }
    for id, tenant_id, account_id, recipient, content, key_id in sql.execute(_READ, values).fetchall():
        try:
            key = content_key_by_id(key_id)
            person, said = open_person(key, id, recipient), open_content(key, id, content)
        except (KeyGone, InvalidTag, msgspec.DecodeError):
            continue
        if person.oa_user_id:
            yield _Sent(by_id[id], Person(tenant_id, account_id, person.oa_user_id), said)


def _line(row: Known, sent: _Sent, now: datetime) -> Line:
    extra = {name: str(value) for name, value in sent.content.extra.items() if isinstance(value, str | int)}
    quoted = extra.pop("quote_message_id", "")
    return Line(
        contact_id=row.id,
        tenant_id=row.person.tenant_id,
        account_id=row.person.account_id,
        provider_message_id=sent.send.provider_message_id,
        inbound=False,
        kind=sent.content.kind.lower(),
        at=sent.send.sent_at or now,
        said=Said(sent.content.text, [extra] if extra else [], quoted),
        message_id=sent.send.message_id,
    )
