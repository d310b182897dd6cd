"""Testing a connection: one cheap call that shows whether the settings of an official account are right."""

from typing import NamedTuple

from django.conf import settings
from django.utils.translation import gettext as _

from providers.contract import Answer, Context, Question
from providers.registry import provider
from providers.transport import exchange
from tenants import clock
from tenants.custody import ReconnectNeeded, RefreshFailed, RefreshInProgress, access_token, refresh
from tenants.models import Account, OfficialAccount

TIMEOUT_S = 10.0
TOKEN_CODES = frozenset({"-124", "-216", "-220"})


class Finding(NamedTuple):
    """What a test found: `text` names the setting to correct where it is not `ok`."""

    ok: bool
    text: str


def try_connection(official_account: OfficialAccount) -> Finding:
    """Ask Zalo about the official account with its own credentials; renew a refused access token once."""
    faults = _missing(official_account)
    if faults:
        return Finding(False, faults)
    try:
        token = access_token(official_account.pk)
        answer = _ask(official_account, token)
        if answer.error is not None and answer.error.code in TOKEN_CODES:
            answer = _ask(official_account, refresh(official_account.pk, token))
    except (ReconnectNeeded, RefreshFailed, RefreshInProgress) as error:
        return Finding(False, _("Tokens: %(reason)s") % {"reason": error})
    return _read(official_account, answer)


def _missing(official_account: OfficialAccount) -> str:
    app = official_account.app
    if not app.app_secret:
        return _("App secret: it is not set in the Zalo app %(app)s.") % {"app": app.name}
    if official_account.account.environment == Account.Environment.SANDBOX and not settings.SANDBOX_URL:
        return _("SANDBOX_URL is not set, and this account goes to the sandbox.")
    return ""


def _ask(official_account: OfficialAccount, token: str) -> Answer:
    app = official_account.app
    sandboxed = official_account.account.environment == Account.Environment.SANDBOX
    context = Context(now=clock.now(), origin=settings.SANDBOX_URL if sandboxed else "", timeout=TIMEOUT_S)
    credentials = {
        "access_token": token,
        "app_secret": app.app_secret,
        "prove": "1" if app.prove_secret else "",
        "oa_id": official_account.oa_id,
    }
    zns, question = provider("zns"), Question(kind="connection")
    return zns.answer(question, exchange(zns.ask(question, credentials, context)))


def _read(official_account: OfficialAccount, answer: Answer) -> Finding:
    if not answer.ok:
        row = answer.error
        told = f"{row.code}: {row.advice or row.meaning}" if row else answer.reason
        return Finding(False, _("Zalo answered: %(told)s") % {"told": told})
    found = str(answer.data.get("oa_id") or "") if isinstance(answer.data, dict) else ""
    if found and found != official_account.oa_id:
        return Finding(
            False,
            _("OA id: the tokens belong to the official account %(found)s, not to %(expected)s.")
            % {"found": found, "expected": official_account.oa_id},
        )
    return Finding(True, _("Zalo answers: the official account is connected."))
