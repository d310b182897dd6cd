"""Opt-outs and the memory of refusals: set and lifted by people, the API, files, and the settle."""

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from uuid import UUID

import msgspec
from cryptography.exceptions import InvalidTag
from django.db import transaction
from django.db.models import Q, QuerySet

from messaging.content import open_recipient
from messaging.models import RecipientMark
from messaging.sql import cursor
from tenants import clock
from tenants.data_keys import KeyGone, content_key, content_key_by_id, recipients

OPT_OUT = "OPT_OUT"
BATCH = 1000


class Reach(msgspec.Struct, frozen=True):
    """How far a mark reaches: everything, or what is given."""

    message_class: int | None = None
    channel_kind: str = ""
    account_id: int | None = None


_MARK = """
INSERT INTO recipient_mark (tenant_id, recipient_hash, recipient, data_key_id, kind, reason, code, note, message_class,
                            channel_kind, account_id, created_at, expires_at)
SELECT %(tenant)s, row.hash, row.sealed, %(key)s, %(kind)s, %(reason)s, '', %(note)s, %(class)s, %(channel)s,
       %(account)s, gateway_now(), %(until)s::timestamptz
FROM unnest(%(hashes)s::bytea[], %(sealed)s::bytea[]) AS row(hash, sealed)
ON CONFLICT (tenant_id, recipient_hash, kind, message_class, channel_kind, account_id) DO UPDATE
SET recipient = EXCLUDED.recipient, data_key_id = EXCLUDED.data_key_id, message_id = NULL,
    reason = EXCLUDED.reason, note = EXCLUDED.note, created_at = EXCLUDED.created_at, expires_at = EXCLUDED.expires_at
"""
_REMEMBER = """
INSERT INTO recipient_mark (tenant_id, recipient_hash, recipient, data_key_id, message_id, kind, reason, code, note,
                            message_class, channel_kind, account_id, created_at, expires_at)
SELECT DISTINCT ON (m.tenant_id, COALESCE(named.person, m.recipient_hash), row.class, row.channel, row.account)
       m.tenant_id, COALESCE(named.person, m.recipient_hash), m.recipient, m.data_key_id, m.id, 'memory', row.reason,
       row.code, '',
       row.class, row.channel, row.account, gateway_now(), gateway_now() + row.days * interval '1 day'
FROM unnest(%(ids)s::uuid[], %(reasons)s::text[], %(codes)s::text[], %(classes)s::smallint[], %(channels)s::text[],
            %(accounts)s::bigint[], %(days)s::int[]) AS row(id, reason, code, class, channel, account, days)
JOIN message m ON m.id = row.id AND m.id BETWEEN %(lowest)s AND %(highest)s
LEFT JOIN mini_app_message named ON named.message_id = m.id AND row.channel = 'mini_app'
WHERE m.recipient_hash IS NOT NULL AND m.recipient IS NOT NULL AND NOT m.test
ON CONFLICT (tenant_id, recipient_hash, kind, message_class, channel_kind, account_id) DO UPDATE
SET reason = EXCLUDED.reason, code = EXCLUDED.code, created_at = EXCLUDED.created_at, expires_at = EXCLUDED.expires_at
"""


class Refusal(msgspec.Struct, frozen=True):
    """A refusal that says something of the person, to be remembered for `days`."""

    message_id: UUID
    code: str
    meaning: str
    days: int
    reach: Reach


@transaction.atomic
def suppress(
    tenant_id: int,
    phones: Iterable[str],
    reach: Reach = Reach(),  # noqa: B008 frozen
    *,
    reason: str = OPT_OUT,
    note: str = "",
    until: datetime | None = None,
) -> int:
    """Mark persons as opted out (phones in E.164 without the plus); repeating it renews the mark.

    All or none; return how many.
    """
    key, hashes = content_key(tenant_id, datetime.now(UTC).date()), recipients(tenant_id)
    numbers = sorted(set(phones))
    for start in range(0, len(numbers), BATCH):
        rows = [(hashes.hash(phone), phone) for phone in numbers[start : start + BATCH]]
        with cursor() as sql:
            sql.execute(
                _MARK,
                {
                    "tenant": tenant_id,
                    "key": key.id,
                    "kind": RecipientMark.Kind.SUPPRESSION.value,
                    "reason": reason,
                    "note": note,
                    "class": reach.message_class,
                    "channel": reach.channel_kind,
                    "account": reach.account_id,
                    "until": until,
                    "hashes": [hashed for hashed, _ in rows],
                    "sealed": [key.seal(phone.encode(), hashed + b"mark") for hashed, phone in rows],
                },
            )
    return len(numbers)


def phone_of(mark: RecipientMark) -> str:
    """Return the number of a mark (E.164 without the plus), empty where it was erased."""
    sealed = bytes(mark.recipient)
    if not sealed:
        return ""
    try:
        key = content_key_by_id(mark.data_key_id)
        if mark.message_id is not None:
            return open_recipient(key, mark.message_id, sealed)
        return key.open(sealed, bytes(mark.recipient_hash) + b"mark").decode()
    except (KeyGone, InvalidTag):
        return ""


def hash_of(tenant_id: int, phone: str) -> bytes:
    """Return the hash by which the tenant finds a person (E.164 without the plus)."""
    return recipients(tenant_id).hash(phone)


def marks_of(tenant_id: int, phone: str) -> QuerySet[RecipientMark]:
    """Return the marks of a person (E.164 without the plus), those that are over too."""
    return RecipientMark.objects.filter(tenant_id=tenant_id, recipient_hash=hash_of(tenant_id, phone))


def holding(tenant_id: int) -> QuerySet[RecipientMark]:
    """Return the tenant's marks that hold now."""
    rows = RecipientMark.objects.filter(tenant_id=tenant_id)
    return rows.filter(Q(expires_at=None) | Q(expires_at__gt=clock.Now()))


def lift(tenant_id: int, phone: str, kind: str = "") -> int:
    """Take a person's marks of a kind, or all, away; return how many there were."""
    found = marks_of(tenant_id, phone)
    count, _ = (found.filter(kind=kind) if kind else found).delete()
    return count


def remember(refusals: Sequence[Refusal]) -> None:
    """Remember refusals until their days are over; repeating one renews it. Test messages teach nothing."""
    if not refusals:
        return
    ids = [refusal.message_id for refusal in refusals]
    with cursor() as sql:
        sql.execute(
            _REMEMBER,
            {
                "ids": ids,
                "reasons": [refusal.meaning[:64] for refusal in refusals],
                "codes": [refusal.code[:32] for refusal in refusals],
                "classes": [refusal.reach.message_class for refusal in refusals],
                "channels": [refusal.reach.channel_kind for refusal in refusals],
                "accounts": [refusal.reach.account_id for refusal in refusals],
                "days": [refusal.days for refusal in refusals],
                "lowest": min(ids),
                "highest": max(ids),
            },
        )
