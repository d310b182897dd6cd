"""Messages as people and programs read them."""

from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec
from psycopg.rows import class_row

from messaging.content import Content, open_content, open_recipient
from messaging.sql import cursor
from messaging.states import Phase, State
from tenants import data_keys

# A message is `sending` while a leased due row says so; that is stored nowhere else.
STATE = (
    f"CASE WHEN d.message_id IS NOT NULL AND m.state = {int(State.QUEUED)} THEN {int(State.SENDING)} ELSE m.state END"
)
COLUMNS = f"""
    m.id, m.tenant_id, m.bulk_id, m.message_class, {STATE} AS stored_state, m.test, m.route_id, m.recipient, m.content,
    m.data_key_id, m.client_id, m.reference, m.entity_id, m.application_id, m.accepted_at, m.send_at, m.expires_at,
    m.ended_at, m.reason, m.legs, m.events, t.code AS template_code
"""


class JOINS:
    """What the columns above are read from, beside `message m`."""

    due = f"LEFT JOIN due d ON d.message_id = m.id AND d.phase = {int(Phase.SENDING)}"
    template = "LEFT JOIN messaging_template t ON t.id = m.template_id"


class MessageView(msgspec.Struct, frozen=True, kw_only=True):
    """A message at the moment of reading; recipient and content are still sealed."""

    id: UUID
    tenant_id: int
    bulk_id: UUID
    message_class: int
    stored_state: int
    test: bool
    route_id: int
    recipient: bytes | None
    content: bytes | None
    data_key_id: int
    client_id: str | None
    reference: str | None
    entity_id: str | None
    application_id: str | None
    accepted_at: datetime
    send_at: datetime | None
    expires_at: datetime
    ended_at: datetime | None
    reason: str
    legs: int
    events: int
    template_code: str | None

    @property
    def state(self) -> State:
        """Return where the message stands."""
        return State(self.stored_state)

    def phone(self) -> str | None:
        """Return the recipient in clear, None where it was erased."""
        phone: str | None = self._open(self.recipient, open_recipient)
        return phone

    def values(self) -> dict[str, str] | None:
        """Return the template's values in clear, None where they were erased."""
        content: Content | None = self._open(self.content, open_content)
        return dict(content.values) if content is not None else None

    def said(self) -> dict[str, str] | None:
        """Return what the message says in clear: a template's values, else text and attachments; None where erased."""
        content: Content | None = self._open(self.content, open_content)
        if content is None:
            return None
        attached = {name: str(value) for name, value in content.extra.items()}
        return dict(content.values) | ({"text": content.text} if content.text else {}) | attached

    def _open(self, sealed: bytes | None, opener: Any) -> Any:
        if sealed is None:
            return None
        try:
            key = data_keys.content_key_by_id(self.data_key_id)
        except data_keys.KeyGone:
            return None
        return opener(key, self.id, sealed)


def find_message(tenant_id: int, text: str) -> MessageView | None:
    """Return the tenant's message whose own id or id (32 hex digits, dashed or not) is `text`, or None."""
    message_id = resolve_id(tenant_id, text)
    return read_message(tenant_id, message_id) if message_id is not None else None


def read_message(tenant_id: int, message_id: UUID) -> MessageView | None:
    """Return the tenant's message of this id, or None."""
    query = f"""
        SELECT {COLUMNS} FROM message m {JOINS.due} {JOINS.template}
        WHERE m.id = %s AND m.tenant_id = %s
    """
    with cursor() as sql:
        rows = sql.connection.cursor(row_factory=class_row(MessageView))
        return rows.execute(query, (message_id, tenant_id)).fetchone()


def resolve_id(tenant_id: int, text: str) -> UUID | None:
    """Return the message id that `text` names: a client's own id comes first. It need not exist."""
    if not 0 < len(text) <= 200 or "\x00" in text:
        return None
    with cursor() as sql:
        row = sql.execute(
            "SELECT message_id FROM client_message WHERE tenant_id = %s AND client_id = %s", (tenant_id, text)
        ).fetchone()
    if row is not None:
        found: UUID = row[0]
        return found
    try:
        return UUID(text) if len(text) in (32, 36) else None
    except ValueError:
        return None
