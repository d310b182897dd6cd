"""Answering a person: an ordinary message over the account's chat, refused where the window is closed."""

from enum import Enum

from messaging.chat.gates import CONSULTATION, refusal
from messaging.chat.profiles import profile_of
from messaging.dispatch.local_refusals import CONSENT_WITHDRAWN
from messaging.intake.accept import accept_request
from messaging.intake.request import ClassName, ContentIn, MessageIn, Options, PersonIn, SendRequest
from messaging.models import Contact
from tenants import clock
from tenants.models import Route


class Why(Enum):
    """What keeps a contact from being answered."""

    ERASED = "erased"
    WITHDRAWN = "withdrawn"
    WINDOW_CLOSED = "window_closed"
    NO_ROUTE = "no_route"


class CannotAnswer(Exception):
    """The contact cannot be answered now."""

    def __init__(self, why: Why) -> None:
        super().__init__(why.value)
        self.why = why


def routes_to(contact: Contact) -> list[str]:
    """Return the names of the tenant's routes that begin with a chat over the contact's account."""
    steps = Route.objects.filter(tenant=contact.tenant_id).order_by("name", "steps__position", "steps__id")
    first: dict[str, tuple[str, int]] = {}
    for name, kind, account_id in steps.values_list("name", "steps__channel__kind", "steps__channel__account"):
        first.setdefault(name, (kind, account_id))
    return [name for name, found in first.items() if found == (CONSULTATION, contact.account_id)]


def what_forbids(contact: Contact) -> Why | None:
    """Return why the contact cannot be answered now, None if nothing speaks against it."""
    if profile_of(contact) is None:
        return Why.WITHDRAWN if contact.withdrawn else Why.ERASED
    error = refusal(contact, CONSULTATION, clock.now())
    if error is not None:
        return Why.WITHDRAWN if error is CONSENT_WITHDRAWN else Why.WINDOW_CLOSED
    return None if contact.tenant_id is not None and routes_to(contact) else Why.NO_ROUTE


def answer(contact: Contact, text: str, route: str) -> str:
    """Send a text to a contact over one of `routes_to` and return the message's id (32 hex).

    Raises CannotAnswer, and Refused where the intake finds something wrong.
    """
    why, profile = what_forbids(contact), profile_of(contact)
    if why is not None or profile is None or contact.tenant_id is None:
        raise CannotAnswer(why or Why.ERASED)
    message = MessageIn(to=PersonIn(oa_user_id=profile.user_id), content=ContentIn(type="TEXT", text=text))
    options = Options(route=route, message_class=ClassName.TRANSACTIONAL)
    accepted = accept_request(contact.tenant_id, SendRequest(messages=[message], options=options), test=False)
    return accepted.message_ids[0]
