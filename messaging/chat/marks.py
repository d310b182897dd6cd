"""What people's own acts at an official account mean for whom not to send to.

Whoever unfollows an account gets no more promotions over it, whoever withdraws their consent nothing at all; both end
when they come back. What a provider refused is remembered by its error table, not here.
"""

from collections import defaultdict
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
    accounts: dict[tuple[int, int], list[Known]] = defaultdict(list)
    for row in rows:
        if row.person.tenant_id is not None:
            accounts[row.person.tenant_id, row.person.account_id].append(row)
    for (tenant_id, account_id), known in accounts.items():
        left = [row for row in known if _left(row.facts)]
        withdrawn = [row for row in known if row.facts.withdrawn]
        no_promotions = Reach(message_class=int(MessageClass.PROMOTIONAL), account_id=account_id)
        _set(tenant_id, left, no_promotions, UNFOLLOWED)
        _set(tenant_id, withdrawn, Reach(account_id=account_id), WITHDRAWN)
        _lift(tenant_id, account_id, [row for row in known if row.facts.follows], UNFOLLOWED)
        _lift(tenant_id, account_id, [row for row in known if not row.facts.withdrawn], WITHDRAWN)


def _left(facts: Facts) -> bool:
    return facts.unfollowed_at is not None and not facts.follows and not facts.withdrawn


def _set(tenant_id: int, rows: Sequence[Known], reach: Reach, reason: str) -> None:
    if rows:
        suppress(tenant_id, [person_key(row.person.user_id) for row in rows], reach, reason=reason)


def _lift(tenant_id: int, account_id: int, rows: Sequence[Known], reason: str) -> None:
    if rows:
        hashes = [row.person.hash for row in rows]
        marks = RecipientMark.objects.filter(tenant_id=tenant_id, recipient_hash__in=hashes, account=account_id)
        marks.filter(kind=RecipientMark.Kind.SUPPRESSION, reason=reason).delete()


def erase_withdrawn(rows: Sequence[Known]) -> None:
    """Erase who withdrew their consent from everything stored; safe to repeat."""
    for row in rows:
        if row.facts.withdrawn:
            _erase(row.person.tenant_id, row.person.hash)


def erase_left_over() -> None:
    """Erase who withdrew their consent and is still here, because a process died in between."""
    for tenant_id, person_hash in withdrawn_and_kept():
        _erase(tenant_id, person_hash)


def _erase(tenant_id: int | None, person_hash: bytes) -> None:
    """Erase one person, known by the hash of their user id; the platform's own accounts have contacts only."""
    if tenant_id is None:
        erase_contacts(None, [person_hash])
    else:
        erase_hashed(tenant_id, [person_hash], by="withdrawal")
