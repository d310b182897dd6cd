"""Statistics of a tenant's Mini App, asked for with its own key (zalo-mini-app.md section 6)."""

from collections.abc import Mapping

from django.conf import settings

from providers.contract import Answer, Context, Question
from providers.mini_app.adapter import MINI_APP
from providers.transport import exchange
from tenants import clock
from tenants.connection import TIMEOUT_S
from tenants.models import Account, ProviderAccount


def statistics(held: ProviderAccount, params: Mapping[str, str]) -> Answer:
    """Return what Zalo tells of the account's Mini App; `params` as the README of `providers.mini_app` lists them.

    Raises ValueError naming the parameter, before anything is asked, for a type or days that there are not.
    """
    sandboxed = held.account.environment == Account.Environment.SANDBOX
    context = Context(now=clock.now(), origin=settings.SANDBOX_URL if sandboxed else "", timeout=TIMEOUT_S)
    question = Question(kind="stats", params=params)
    return MINI_APP.answer(question, exchange(MINI_APP.ask(question, held.values(), context)))
