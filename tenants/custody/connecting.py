"""Connecting an official account: by Zalo's consent page, or with tokens that a person pastes."""

import secrets
from datetime import timedelta
from hashlib import sha256
from typing import Final

import structlog
from django.contrib.auth.models import AbstractBaseUser, AnonymousUser
from django.db import transaction
from django.utils.translation import gettext as _

from providers.zalo import oauth
from tenants import clock
from tenants.custody.errors import ConnectFailed
from tenants.custody.keeping import locked, put_tokens, save
from tenants.custody.wire import context, redeem, wording
from tenants.models import ConnectRequest, OfficialAccount, Reason, ZaloApp

Somebody = AbstractBaseUser | AnonymousUser
STATE_LIFE: Final = timedelta(minutes=30)
log = structlog.get_logger(__name__)


def begin_connect(official_account: OfficialAccount, redirect_uri: str, user: Somebody) -> str:
    """Return the address of Zalo's consent page for the account.

    The state in it is good once, for 30 minutes, for this account and `user`. `redirect_uri` must equal the callback
    address saved in Zalo's console. Raises ConnectFailed if the app's fixed verifier is missing.
    """
    app, now = official_account.app, clock.now()
    verifier = _verifier(app)
    state = secrets.token_urlsafe(32)
    ConnectRequest.objects.filter(expires_at__lte=now).delete()
    request = ConnectRequest(
        state_hash=_hash(state), official_account=official_account, user_id=user.pk, expires_at=now + STATE_LIFE
    )
    request.verifier = verifier
    request.save()
    return oauth.permission_url(app.app_id, redirect_uri, state, oauth.challenge_of(verifier), context(app, now))


def finish_connect(state: str, code: str, oa_id: str, user: Somebody) -> OfficialAccount:
    """Turn the consent that came back into stored tokens and return the connected account.

    Raises ConnectFailed, which says what to do: the state is unknown, used, over or another person's; the consent was
    given for another official account; Zalo refused the code or did not answer.
    """
    request = _spend(state, user)
    account = request.official_account
    if oa_id != account.oa_id:
        raise ConnectFailed(
            _("The consent is for the official account %(given)s, but this row is %(expected)s. Nothing was changed.")
            % {"given": oa_id[:32] or "?", "expected": account.oa_id}
        )
    answer = redeem(account.app, code, request.verifier, clock.now())
    if not isinstance(answer, oauth.Tokens):
        log.warning("oa_connect_failed", official_account=account.pk, reason=wording(answer))
        raise ConnectFailed(
            _("Zalo gave no tokens (%(reason)s). Start connecting again.") % {"reason": wording(answer)}
        )
    life = timedelta(seconds=answer.refresh_expires_in) if answer.refresh_expires_in else None
    with transaction.atomic(durable=True):
        row = locked(account.pk)
        put_tokens(
            row,
            answer.access_token,
            answer.refresh_token,
            clock.now(),
            timedelta(seconds=answer.expires_in),
            life,
        )
        save(row)
    log.info("oa_connected", official_account=row.pk, user=user.pk)
    return row


def account_of(state: str, user: Somebody) -> OfficialAccount:
    """Return the account for which `user` was sent to the consent page; the state stays good.

    Raises ConnectFailed if the state is unknown, used, over or another person's.
    """
    return _find(state, user).official_account


def paste(official_account: OfficialAccount, access_token: str, refresh_token: str = "") -> OfficialAccount:
    """Store tokens of Zalo's API Explorer and return the account as it now is.

    Without a refresh token the status is `ends`: it works until the access token ends (25 h at most) and then has to be
    connected again, unless a refresh token stored earlier, which is kept, still works. Raises ConnectFailed without an
    access token.
    """
    access_token, refresh_token = access_token.strip(), refresh_token.strip()
    if not access_token:
        raise ConnectFailed(_("An access token is needed."))
    with transaction.atomic():
        row = locked(official_account.pk)
        put_tokens(row, access_token, refresh_token, clock.now())
        if not refresh_token:
            row.status, row.status_code = OfficialAccount.Status.ENDS, Reason.NO_REFRESH_TOKEN
        save(row)
    log.info("oa_tokens_pasted", official_account=row.pk, with_refresh_token=bool(refresh_token))
    return row


def _verifier(app: ZaloApp) -> str:
    if app.pkce == ZaloApp.Pkce.PER_REQUEST:
        return oauth.verifier_from(secrets.token_bytes(32))
    if not app.fixed_verifier:
        raise ConnectFailed(_("The Zalo app has a fixed verifier chosen but none entered."))
    return app.fixed_verifier


def _spend(state: str, user: Somebody) -> ConnectRequest:
    request = _find(state, user)
    # Only one of two that come at once finds the row to delete.
    if not ConnectRequest.objects.filter(pk=request.pk).delete()[0]:
        raise _not_good()
    return request


def _find(state: str, user: Somebody) -> ConnectRequest:
    requests = ConnectRequest.objects.select_related("official_account__account", "official_account__app")
    request = requests.filter(state_hash=_hash(state), user=user.pk, expires_at__gt=clock.Now()).first()
    if request is None:
        raise _not_good()
    return request


def _not_good() -> ConnectFailed:
    return ConnectFailed(_("This link was used already, is too old or belongs to somebody else. Connect again."))


def _hash(state: str) -> bytes:
    return sha256(state.encode()).digest()
