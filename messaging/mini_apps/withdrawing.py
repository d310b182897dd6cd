"""A user withdrew their consent: nothing more is sent to them by that Mini App, and what is stored of them goes.

What stays is a mark under the tenant's keyed hash, without which they would be sent to again, and the event with its
figures as the proof (zalo-mini-app.md section 5, Duties).
"""

from collections.abc import Iterable

import structlog
from cryptography.exceptions import InvalidTag
from django.db import transaction

from messaging.content import Person
from messaging.mini_apps.events import bound
from messaging.mini_apps.unnaming import unname
from messaging.models import MiniAppEvent, MiniAppPerson
from messaging.recipients.erasing import Erased, erase_person
from messaging.recipients.marks import Reach, hash_of, suppress
from providers.mini_app.adapter import MINI_APP
from tenants import clock
from tenants.data_keys import KeyGone, content_key_by_id
from tenants.models import Account, ProviderAccount, RouteStep, Tenant

WITHDRAWN = "CONSENT_WITHDRAWN"
BATCH = 100
log = structlog.get_logger(__name__)


def carry_out_withdrawals() -> int:
    """Carry out what was withdrawn and is not done yet; return how many. Safe to run twice, at once too."""
    waiting = MiniAppEvent.objects.filter(applied_at=None).order_by("id").values_list("pk", flat=True)
    return sum(_carry_out(pk) for pk in list(waiting[:BATCH]))


@transaction.atomic
def _carry_out(event_id: int) -> bool:
    rows = MiniAppEvent.objects.select_for_update(of=("self",), skip_locked=True).select_related("account")
    event = rows.filter(pk=event_id, applied_at=None).first()
    if event is None:
        return False
    user = _user(event)
    account = _account(event)
    done = [withdraw(tenant_id, account, user) for tenant_id in _tenants(account)] if user else []
    MiniAppEvent.objects.filter(pk=event_id).update(
        sealed=b"",
        applied_at=clock.Now(),
        stopped=sum(one.stopped for one in done),
        erased=sum(one.messages for one in done),
    )
    return True


@transaction.atomic
def withdraw(tenant_id: int, account: Account, user_id: str) -> Erased:
    """Suppress and erase a Mini App's user with a tenant; other Mini Apps of the tenant may go on sending to them."""
    person = Person(mini_app_user_id=user_id).key
    hashed = hash_of(tenant_id, person)
    reach = Reach(channel_kind=MINI_APP.kind, account_id=account.pk)
    suppress(tenant_id, [person], reach, reason=WITHDRAWN)
    spared = _routes_of_others(tenant_id, account)
    erased = erase_person(tenant_id, person, "user.revoke.consent", spared_routes=spared)
    unnamed = unname(tenant_id, hashed, spared)
    MiniAppPerson.objects.filter(tenant_id=tenant_id, person=hashed).delete()
    return Erased(erased.stopped, erased.messages + unnamed)


def _user(event: MiniAppEvent) -> str:
    """Return the user's id, empty where it can no longer be read: then nothing stored can be theirs."""
    try:
        key = content_key_by_id(event.data_key_id)
        return key.open(bytes(event.sealed), bound(event.key)).decode()
    except (KeyGone, InvalidTag):
        log.error("withdrawal.unreadable", event_id=event.pk)
        return ""


def _account(event: MiniAppEvent) -> Account:
    """Return the owner's account of the Mini App in the event: one address may serve all of a Zalo App."""
    siblings = ProviderAccount.objects.filter(account__kind=MINI_APP.account.name, account__tenant=event.tenant_id)
    for held in siblings.select_related("account"):
        if held.values().get("mini_app_id") == event.mini_app_id:
            return held.account
    return event.account


def _tenants(account: Account) -> Iterable[int]:
    if account.tenant_id is not None:
        return [account.tenant_id]
    return Tenant.objects.filter(lent_accounts=account).order_by("pk").values_list("pk", flat=True)


def _routes_of_others(tenant_id: int, account: Account) -> list[int]:
    """Return the tenant's routes over other Mini Apps alone."""
    steps = RouteStep.objects.filter(route__tenant=tenant_id, channel__kind=MINI_APP.kind)
    ours = set(steps.filter(channel__account=account).values_list("route_id", flat=True))
    return sorted(set(steps.values_list("route_id", flat=True)) - ours)
