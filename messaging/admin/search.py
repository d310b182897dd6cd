"""Finding messages by what a person has at hand: an id, their own id, a reference or a whole phone number."""

from collections.abc import Sequence
from contextlib import suppress
from typing import Any, Final
from uuid import UUID

from django.db.models import Q, QuerySet

from messaging.models import ClientMessage
from messaging.phones import normalise
from tenants import data_keys

LONGEST: Final = 200
# Each tenant has its own key for hashes: more tenants than this must be narrowed by a filter first.
MOST_TENANTS: Final = 50


def search(rows: QuerySet[Any], text: str, tenant_ids: Sequence[int]) -> QuerySet[Any]:
    """Return the messages of these tenants that `text` names, each way served by an index."""
    text = text.strip()
    if not text or len(text) > LONGEST or "\x00" in text:
        return rows.none()
    found = Q(tenant_id__in=tenant_ids, reference=text)
    own = ClientMessage.objects.filter(tenant_id__in=tenant_ids, client_id=text)
    ids = list(own.values_list("message_id", flat=True))
    with suppress(ValueError):
        ids += [UUID(text)] if len(text) in (32, 36) else []
    if ids:
        found |= Q(pk__in=ids)
    phone = normalise(text)
    if phone:
        for tenant_id in tenant_ids[:MOST_TENANTS]:
            found |= Q(tenant_id=tenant_id, recipient_hash=data_keys.recipient_hash(tenant_id, phone))
    return rows.filter(found)
