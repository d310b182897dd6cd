"""Testing the settings of an account: one cheap call a kind of channel, and the setting to mend named by its label."""

import re
from collections.abc import Iterator

from django.conf import settings
from django.utils.translation import gettext as _

from providers.contract import Answer, Context, Question
from providers.registry import PROVIDERS
from providers.transport import exchange
from tenants import clock
from tenants.connection import TIMEOUT_S, Finding
from tenants.credential_fields import ACCOUNT_KIND, FIELDS, channel_credentials, missing
from tenants.kinds import translated
from tenants.models import Account, ProviderAccount


def try_settings(held: ProviderAccount) -> Finding:
    """Ask the provider about the account with its own settings, for every kind of channel that goes over it."""
    values, kind = held.values(), held.account.kind
    if lacking := missing(kind, values):
        return Finding(False, _("%(setting)s: it is not set.") % {"setting": translated(lacking[0].label)})
    context = _context(held)
    if context is None:
        return Finding(False, _("SANDBOX_URL is not set, and this account goes to the sandbox."))
    told = [
        f"{name}: {_told(answer, kind)}"
        for name, answer in _answers("connection", kind, values, context)
        if not answer.ok
    ]
    if told:
        return Finding(False, " ".join(told))
    right = _("The provider answers: the settings are right.")
    left = (_balance(kind, values, context), _quota(kind, values, context))
    return Finding(True, " ".join(filter(None, (right, *left))))


def fetch_public_key(held: ProviderAccount) -> Finding:
    """Write the sender's RSA key into the settings, made at the provider where there is none (infobip.md section 3)."""
    values, kind = held.values(), held.account.kind
    context = _context(held)
    if context is None:
        return Finding(False, _("SANDBOX_URL is not set, and this account goes to the sandbox."))
    reasons = []
    for question in ("public_key", "create_public_key"):
        for _name, answer in _answers(question, kind, values, context):
            if answer.ok:
                held.put(values | {"public_key": answer.data["public_key"]})
                held.save()
                return Finding(True, _("The public key is stored."))
            reasons.append(_told(answer, kind))
    return Finding(False, " ".join(reasons) or _("This provider has no public key."))


def _context(held: ProviderAccount) -> Context | None:
    """Return where the account's calls go, None for one of the sandbox where none is known."""
    sandboxed = held.account.environment == Account.Environment.SANDBOX
    if sandboxed and not settings.SANDBOX_URL:
        return None
    return Context(now=clock.now(), origin=settings.SANDBOX_URL if sandboxed else "", timeout=TIMEOUT_S)


def _balance(kind: str, values: dict[str, str], context: Context) -> str:
    """Return what is left at the provider, or which setting keeps it from telling; empty where it never tells."""
    reasons = []
    for _name, answer in _answers("balance", kind, values, context):
        if answer.ok:
            amount = answer.data.get("amount") or answer.data.get("balance", "")
            return _("Balance: %(amount)s.") % {"amount": f"{amount} {answer.data.get('currency', '')}".strip()}
        reasons.append(_told(answer, kind))
    return _("The balance is not told: %(reason)s") % {"reason": reasons[0]} if reasons else ""


def _quota(kind: str, values: dict[str, str], context: Context) -> str:
    """Return what the provider still allows today, empty where it does not tell."""
    for _name, answer in _answers("quota", kind, values, context):
        if answer.ok and answer.data["quota"].remaining is not None:
            quota = answer.data["quota"]
            return _("Left of today's quota: %(left)s of %(daily)s.") % {"left": quota.remaining, "daily": quota.daily}
    return ""


def _answers(asked: str, kind: str, values: dict[str, str], context: Context) -> Iterator[tuple[str, Answer]]:
    for channel_kind, account_kind in ACCOUNT_KIND.items():
        wire = PROVIDERS.get(channel_kind)
        if account_kind != kind or wire is None or asked not in wire.capabilities.questions:
            continue
        credentials, question = channel_credentials(channel_kind, values), Question(kind=asked)
        yield channel_kind, wire.answer(question, exchange(wire.ask(question, credentials, context)))


def _told(answer: Answer, kind: str) -> str:
    """Return the reason with the setting that it begins with as the form calls it."""
    head, colon, rest = answer.reason.partition(":")
    for field in FIELDS[kind]:
        head = re.sub(rf"\b{field.name}\b", str(translated(field.label)), head)
    reason = f"{head}{colon}{rest}"
    return reason or (f"{answer.error.code}: {answer.error.advice or answer.error.meaning}" if answer.error else "")
