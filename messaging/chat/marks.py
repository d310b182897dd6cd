"""What people's own acts at an official account mean for whom not to send to.

Whoever unfollows an account gets no more promotions over it, whoever withdraws their consent nothing at all; both end
when they come back. What a provider refused is remembered by its error table, not here.
"""

from collections.abc import Sequence

from messaging.chat.contacts import Known
from messaging.chat.erasing import erase_contacts, withdrawn_and_kept
from messaging.chat.facts import Facts
from messaging.chat.profiles import person_key
from messaging.models import RecipientMark
from messaging.recipients.erasing import erase_hashed
from messaging.recipients.marks import Reach, suppress
from messaging.states import MessageClass

UNFOLLOWED = "UNFOLLOWED"
WITHDRAWN = "CONSENT_WITHDRAWN"


def turned(before: Facts, now: Facts) -> bool:
    """Return whether what happened changes whether a person is sent to."""
    return (before.follows, before.unfollowed_at, before.withdrawn) != (now.follows, now.unfollowed_at, now.withdrawn)


def keep(rows: Sequence[Known]) -> None:
    """Set and lift the marks of these contacts by what is known of them now, in the caller's transaction.

    The platform's own accounts have no tenant to keep a mark for.
    """
    for row in rows:
        tenant_id, account_id, user_id = row.person
        if tenant_id is None:
            continue
        facts = row.facts
        if facts.withdrawn:
            suppress(tenant_id, [person_key(user_id)], Reach(account_id=account_id), reason=WITHDRAWN)
        elif facts.unfollowed_at is not None and not facts.follows:
            reach = Reach(message_class=int(MessageClass.PROMOTIONAL), account_id=account_id)
            suppress(tenant_id, [person_key(user_id)], reach, reason=UNFOLLOWED)
        ours = [WITHDRAWN] if not facts.withdrawn else []
        ours += [UNFOLLOWED] if facts.follows else []
        marks = RecipientMark.objects.filter(tenant_id=tenant_id, recipient_hash=row.person.hash, account=account_id)
        marks.filter(kind=RecipientMark.Kind.SUPPRESSION, reason__in=ours).delete()


def erase_withdrawn(rows: Sequence[Known]) -> None:
    """Erase who withdrew their consent from everything stored; safe to repeat."""
    for row in rows:
        if row.facts.withdrawn:
            erase_by_hash(row.person.tenant_id, row.person.hash)


def erase_left_over() -> None:
    """Erase who withdrew their consent and is still here, because a process died in between."""
    for tenant_id, person_hash in withdrawn_and_kept():
        erase_by_hash(tenant_id, person_hash)


def erase_by_hash(tenant_id: int | None, person_hash: bytes) -> None:
    """Erase one person, known by the hash of their user id; the platform's own accounts have contacts only."""
    if tenant_id is None:
        erase_contacts(None, [person_hash])
    else:
        erase_hashed(tenant_id, [person_hash], by="withdrawal")
