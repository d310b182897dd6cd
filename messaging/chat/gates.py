"""What is known of people decides before a call: the window of a conversation, a consent that was withdrawn."""

from collections.abc import Sequence
from datetime import datetime

import msgspec

from messaging.chat.profiles import person_key
from messaging.dispatch.loading import Loaded
from messaging.dispatch.local_refusals import CONSENT_WITHDRAWN
from messaging.models import Contact
from providers.contract import ErrorRow, Outcome, Verdict
from providers.oa.errors import WINDOW_CLOSED
from providers.oa.windows import Window, window
from tenants.data_keys import recipients
from tenants.models import Account
from tenants.runtime import ChannelRuntime

CONSULTATION = "oa"
BY_USER_ID = frozenset({CONSULTATION, "zns_uid"})


def keep_gates(loaded: Sequence[Loaded], runtime: ChannelRuntime, now: datetime) -> Sequence[Loaded]:
    """Return what was loaded with a refusal in place of each call that what we know of its person forbids at `now`.

    Whom we know nothing of is left to the provider. Messages of test keys go to people of the sandbox.
    """
    if runtime.kind not in BY_USER_ID or runtime.test or not loaded:
        return loaded
    hashes = _hashes(loaded, runtime.account_id)
    rows = Contact.objects.filter(person_hash__in=set(hashes.values()), account_id=runtime.account_id)
    known = {bytes(row.person_hash): row for row in rows.defer("profile")}
    return [_kept(item, known.get(hashes.get(_user(item), b"")), runtime.kind, now) for item in loaded]


def _hashes(loaded: Sequence[Loaded], account_id: int) -> dict[str, bytes]:
    owner = Account.objects.values_list("tenant_id", flat=True).get(pk=account_id)
    keyed = recipients(owner)
    return {user: keyed.hash(person_key(user)) for user in map(_user, loaded) if user}


def _user(item: Loaded) -> str:
    return item.outbound.oa_user_id if item.outbound else ""


def _kept(item: Loaded, contact: Contact | None, kind: str, now: datetime) -> Loaded:
    error = refusal(contact, kind, now) if contact is not None else None
    if error is None or item.outbound is None:
        return item
    outcome = Outcome(leg_id=item.outbound.leg_id, verdict=Verdict.REFUSED, error=error)
    return msgspec.structs.replace(item, outbound=None, outcome=outcome)


def refusal(contact: Contact, kind: str, now: datetime) -> ErrorRow | None:
    """Return why a channel of this kind may not write to the contact at `now` (aware), None if nothing speaks against
    it."""
    if contact.withdrawn:
        return CONSENT_WITHDRAWN
    last = contact.last_interaction_at
    closed = kind == CONSULTATION and last is not None and window(last, now) is Window.CLOSED
    return WINDOW_CLOSED if closed else None
