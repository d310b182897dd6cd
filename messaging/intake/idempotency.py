"""Requests that may be repeated: the same Idempotency-Key with the same body is accepted once."""

from datetime import timedelta
from hashlib import blake2b, sha256

from django.db import transaction

from messaging.intake import accept
from messaging.intake.accept import Accepted
from messaging.intake.contents import read_content
from messaging.intake.decode import decode
from messaging.intake.errors import BodyDiffers, Findings, StillRunning
from messaging.intake.failovers import filled, wanted_by
from messaging.intake.persons import read_person
from messaging.intake.request import MessageIn, Options
from messaging.intake.rows import Claim
from messaging.intake.validate import check_values
from messaging.models import Bulk, IdempotencyKey, Message
from messaging.sql import cursor
from tenants import clock
from tenants.texts.length import Length

KEPT = timedelta(hours=48)


def accept_once(tenant_id: int, body: bytes, key: str, *, test: bool) -> Accepted:
    """Store the messages of a JSON body, or return what was stored when `key` was used before with this body.

    Raises as `accept` does; BodyDiffers for another body, StillRunning while the first request has not ended.
    """
    claim = Claim(key, sha256((b"test|" if test else b"live|") + body).digest())
    with transaction.atomic():
        _lock(tenant_id, key)
        used = IdempotencyKey.objects.filter(tenant_id=tenant_id, key=key, created_at__gt=clock.now() - KEPT).first()
        if used is None:
            findings = Findings()
            request = decode(body, findings)
            return accept.accept_request(tenant_id, request, test=test, findings=findings, claim=claim)
        if bytes(used.body_hash) != claim.body_hash:
            raise BodyDiffers(key)
        return _replay(tenant_id, used, body)


def _lock(tenant_id: int, key: str) -> None:
    """Hold the key until the end of the transaction. Raises StillRunning where somebody else holds it."""
    digest = blake2b(f"{tenant_id}|{key}".encode(), digest_size=8).digest()
    with cursor() as sql:
        row = sql.execute("SELECT pg_try_advisory_xact_lock(%s)", (int.from_bytes(digest, signed=True),)).fetchone()
    if not row or not row[0]:
        raise StillRunning(key)


def _replay(tenant_id: int, used: IdempotencyKey, body: bytes) -> Accepted:
    """Rebuild the answer: ids from the bulk, everything else from the body, which is the same."""
    bulk = Bulk.objects.get(id=used.bulk_id, tenant_id=tenant_id)
    messages = Message.objects.filter(tenant_id=tenant_id, id__gte=bulk.first_id, id__lte=bulk.last_id)
    rows = messages.filter(bulk_id=bulk.id).order_by("id").values_list("id", "client_id")
    request = decode(body, Findings())
    persons = (read_person(message.to, "", Findings()) for message in request.messages)
    recipients = [person.key if person else "" for person in persons]
    texts = [_length(message, request.options or Options()) for message in request.messages]
    ids = [client_id or id.hex for id, client_id in rows]
    return Accepted(bulk.id, ids, recipients, replayed=True, texts=texts if any(texts) else ())


def _length(message: MessageIn, options: Options) -> Length | None:
    """Return the length of the SMS that follows a message which was accepted, whatever has changed since."""
    wanted = wanted_by(message, options)
    if wanted is None:
        return None
    said = read_content(message, 0, Findings())
    data = said.data if said and said.data is not None else {}
    return filled(wanted, options, check_values(data, None, 0, Findings()))
