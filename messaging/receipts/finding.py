"""Which leg a receipt is about: by our id where the provider echoes it, else by the provider's own id."""

from collections.abc import Iterable, Sequence
from datetime import timedelta
from typing import Any
from uuid import UUID

import msgspec
import psycopg

from messaging.models import Receipt
from messaging.sql import cursor

# A receipt may be here before the answer that tells the provider's id is written.
PATIENCE = timedelta(minutes=10)

# An event of an official account names the account by Zalo's id. The account comes first in the index.
_FIND = """
WITH wanted AS MATERIALIZED (
    SELECT told.id, COALESCE(told.account, oa.account_id) AS account, told.message
    FROM unnest(%(ids)s::uuid[], %(accounts)s::bigint[], %(oas)s::text[], %(messages)s::text[])
      AS told(id, account, oa, message)
    LEFT JOIN tenants_officialaccount oa ON told.account IS NULL AND oa.oa_id = told.oa
)
SELECT wanted.id, known.message_id, known.leg
FROM wanted JOIN provider_message known
  ON known.account_id = wanted.account AND known.provider_message_id = wanted.message
"""
_WRITE = """
INSERT INTO provider_message (account_id, provider_message_id, message_id, leg, created_at)
SELECT account, provided, message, leg, gateway_now()
FROM unnest(%(accounts)s::bigint[], %(provided)s::text[], %(messages)s::uuid[], %(legs)s::smallint[])
  AS row(account, provided, message, leg)
ORDER BY account, provided
ON CONFLICT DO NOTHING
"""
_REOPEN = f"""
UPDATE receipt SET state = CASE WHEN received_at > gateway_now() - %(patience)s THEN {int(Receipt.State.OPEN)}
                                ELSE {int(Receipt.State.UNMATCHED)} END
WHERE message_class = %(class)s AND state = {int(Receipt.State.WAITING)}
"""
_FORGET = "DELETE FROM provider_message WHERE created_at < gateway_now() - %s"


class Named(msgspec.Struct, frozen=True):
    """A leg that a provider knows by an id of its own."""

    account_id: int
    provider_message_id: str
    message_id: UUID
    leg: int


class Wanted(msgspec.Struct, frozen=True):
    """A receipt without a leg: our account where it is known, else Zalo's id of it, and the provider's message id."""

    id: UUID
    account_id: int | None
    account: str
    provider_message_id: str


def find_legs(sql: "psycopg.Cursor[Any]", wanted: Sequence[Wanted]) -> dict[UUID, tuple[UUID, int]]:
    """Return receipt id -> (message id, leg) for those that are known."""
    if not wanted:
        return {}
    values = {
        "ids": [one.id for one in wanted],
        "accounts": [one.account_id for one in wanted],
        "oas": [one.account for one in wanted],
        "messages": [one.provider_message_id for one in wanted],
    }
    return {row[0]: (row[1], row[2]) for row in sql.execute(_FIND, values).fetchall()}


def write_names(sql: "psycopg.Cursor[Any]", names: Iterable[Named]) -> None:
    """Note which legs these ids mean, in the caller's transaction."""
    rows = list(names)
    if rows:
        values = {
            "accounts": [row.account_id for row in rows],
            "provided": [row.provider_message_id[:128] for row in rows],
            "messages": [row.message_id for row in rows],
            "legs": [row.leg for row in rows],
        }
        sql.execute(_WRITE, values)


def reopen_waiting(message_class: int) -> None:
    """Let receipts that wait for their leg be looked at again; after PATIENCE they fit no message."""
    with cursor() as sql:
        sql.execute(_REOPEN, {"class": message_class, "patience": PATIENCE})


def forget_names(older_than: timedelta) -> None:
    """Drop ids that no receipt will ask for any more."""
    with cursor() as sql:
        sql.execute(_FORGET, (older_than,))
