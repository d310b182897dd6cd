"""The hosts oauth.zaloapp.com and openapi.zalo.me as the sandbox imitates them (zalo-zns-oa.md 2, 3 and 7.3)."""

import hmac
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

from providers.sandbox.exchange import Answer, HookCall, Request, Result, Subject, json_answer
from providers.sandbox.state import Sandbox
from providers.sandbox.zalo.consent import consent_page
from providers.sandbox.zalo.envelope import Refusal, TokenWords, authorised, subject_of, success
from providers.sandbox.zalo.grants import Grants, Kind, Token, challenge_of
from providers.sandbox.zalo.receipts import reported
from providers.sandbox.zalo.seeds import APPS, OFFICIAL_ACCOUNTS, App, OfficialAccount

WORDS = TokenWords(
    unknown=(-216, "Access token is invalid"),
    dead=(-220, "access_token is expired or removed"),
    proof=(-242, "appsecret_proof is invalid"),
)
ERROR_NAMES = {
    -14002: "Invalid appId.",
    -14003: "Invalid redirect uri.",
    -14004: "Invalid secret key.",
    -14005: "Invalid authorization code.",
    -14014: "Invalid refresh token.",
    -14018: "Invalid grant type.",
}
CODE_VERIFIER = "code_verifier does not fit the code_challenge"


class OauthRefusal(Exception):
    """A refusal of the OAuth host: a code of 3.3 and its reason."""

    def __init__(self, code: int, reason: str = "") -> None:
        super().__init__(reason)
        self.code, self.reason = code, reason

    def answer(self) -> Answer:
        """Return the refusal on the wire: HTTP 200 (3.3)."""
        name = ERROR_NAMES[self.code]
        words = {"error_name": name, "error_reason": self.reason, "error_description": name.rstrip(".")}
        return json_answer({"error": self.code, **words, "ref_doc": "https://developers.zalo.me/docs"})


class OauthHost:
    """Consent and tokens."""

    def __init__(self, sandbox: Sandbox, grants: Grants) -> None:
        self._sandbox = sandbox
        self._grants = grants

    async def answer(self, request: Request) -> Result:
        """Return a consent page, a redirect with a code, a pair of tokens, or a refusal."""
        try:
            match request.method, request.path:
                case "POST", "/v4/oa/access_token":
                    return await self._token(request)
                case "GET", "/v4/oa/permission":
                    return self._ask(request)
                case "GET", "/v4/oa/permission/allow":
                    return await self._allow(request)
        except OauthRefusal as refusal:
            return refusal.answer()
        return Answer(status=404, body=b"Not Found", content_type="text/plain")

    def subject(self, request: Request) -> Subject:
        """Return the official account that the code or refresh token is for."""
        form = request.form()
        token = self._grants.find(form.get("refresh_token", ""), Kind.REFRESH)
        token = token or self._grants.find(form.get("code", ""), Kind.CODE)
        return Subject(account=token.account if token else "")

    def accounts(self) -> dict[str, Any]:
        """Return nothing: the accounts are listed at the business host."""
        return {}

    def event(self, account: str, event: Mapping[str, Any]) -> HookCall | None:
        """Return nothing: this host reports no events."""
        return None

    async def _token(self, request: Request) -> Result:
        form = request.form()
        app = APPS.get(form.get("app_id", ""))
        if app is None:
            raise OauthRefusal(-14002)
        if not hmac.compare_digest(request.headers.get("secret_key", "").encode(), app.secret_key.encode()):
            raise OauthRefusal(-14004)
        match form.get("grant_type"):
            case "authorization_code":
                token = self._code(app, form)
            case "refresh_token":
                found = self._refresh_token(app, form.get("refresh_token", ""))
                if found is None:
                    return Answer()
                token = found
            case _:
                raise OauthRefusal(-14018)
        pair = await self._grants.exchange(token)
        tokens = {"access_token": pair.access_token, "refresh_token": pair.refresh_token}
        return json_answer({**tokens, "expires_in": str(pair.seconds)})

    def _code(self, app: App, form: dict[str, str]) -> Token:
        token = self._grants.find(form.get("code", ""), Kind.CODE)
        if token is None or self._grants.account_of(token).app_id != app.id or not token.live(self._sandbox.now()):
            raise OauthRefusal(-14005)
        challenge = token.detail.get("challenge", "")
        if challenge and challenge_of(form.get("code_verifier", "")) != challenge:
            raise OauthRefusal(-14005, CODE_VERIFIER)
        return token

    def _refresh_token(self, app: App, text: str) -> Token | None:
        """Return the live refresh token, or None where a consumed one is answered by an empty 200 (3.3)."""
        token = self._grants.find(text, Kind.REFRESH)
        if token is None or self._grants.account_of(token).app_id != app.id:
            raise OauthRefusal(-14014)
        if token.live(self._sandbox.now()):
            return token
        if token.spent and self._sandbox.settings.empty_for_consumed:
            return None
        raise OauthRefusal(-14014)

    def _ask(self, request: Request) -> Answer:
        params = request.params()
        app = self._asking(params)
        accounts = [each for each in OFFICIAL_ACCOUNTS.values() if each.app_id == app.id]
        return Answer(body=consent_page(app, accounts, params).encode(), content_type="text/html; charset=utf-8")

    async def _allow(self, request: Request) -> Answer:
        params = request.params()
        app = self._asking(params)
        account = OFFICIAL_ACCOUNTS.get(params.get("oa_id", ""))
        if account is None or account.app_id != app.id:
            raise OauthRefusal(-14002, "the official account is not one of the app")
        target = params["redirect_uri"]
        code = await self._grants.consent(account, params.get("code_challenge", ""), target)
        back = {"code": code, "oa_id": account.id, **({"state": params["state"]} if "state" in params else {})}
        location = f"{target}{'&' if '?' in target else '?'}{urlencode(back)}"
        return Answer(status=302, headers={"Location": location}, content_type="text/html")

    def _asking(self, params: dict[str, str]) -> App:
        app = APPS.get(params.get("app_id", ""))
        if app is None:
            raise OauthRefusal(-14002)
        target = params.get("redirect_uri", "")
        bound = self._sandbox.settings.redirect_uris.get(app.id, target)
        if target != bound or not target.startswith(("http://", "https://")):
            raise OauthRefusal(-14003)
        return app


class OfficialAccountHost:
    """The OA API, so far as a connection test needs it."""

    def __init__(self, sandbox: Sandbox, grants: Grants) -> None:
        self._sandbox = sandbox
        self._grants = grants
        self._minute = 0
        self._calls: dict[str, int] = {}

    async def answer(self, request: Request) -> Result:
        """Return what the OA host says, with the rate headers of section 2."""
        headers: dict[str, str] = {}
        try:
            account = authorised(request, self._sandbox, self._grants, WORDS)
            headers = self._rate(account)
            if (request.method, request.path) != ("GET", "/v2.0/oa/getoa"):
                raise Refusal(-209, "API not supported")
            answer = success(_profile(account))
        except Refusal as refusal:
            answer = refusal.answer()
        return Answer(status=answer.status, body=answer.body, headers=headers)

    def subject(self, request: Request) -> Subject:
        """Return the official account of the request's token."""
        return subject_of(request, self._grants, "")

    def accounts(self) -> dict[str, Any]:
        """Return nothing: the accounts are listed at the business host."""
        return {}

    def event(self, account: str, event: Mapping[str, Any]) -> HookCall | None:
        """Return the signed call for an event of the OA family."""
        return reported(account, event, "OA OpenAPI", self._sandbox.now())

    def _rate(self, account: OfficialAccount) -> dict[str, str]:
        """Count the call of the app in this minute and return the headers. Raises Refusal over the limit."""
        limit, minute = self._sandbox.settings.rate_per_minute, int(self._sandbox.now()) // 60
        if minute != self._minute:
            self._minute, self._calls = minute, {}
        used = self._calls[account.app_id] = self._calls.get(account.app_id, 0) + 1
        if used > limit:
            raise Refusal(-32, "Application has reached the limit of calls per minute")
        return {"X-RateLimit-Limit": str(limit), "X-RateLimit-Remain": str(limit - used)}


def _profile(account: OfficialAccount) -> dict[str, Any]:
    return {
        "oa_id": account.id,
        "name": account.name,
        "description": f"{account.name} (sandbox)",
        "oa_alias": "",
        "is_verified": True,
        "oa_type": 2,
        "cate_name": "Dịch vụ",
        "num_follower": 0,
        "avatar": "https://sandbox.example/avatar.png",
        "cover": "https://sandbox.example/cover.png",
        "package_name": "Gói nâng cao",
        "package_valid_through_date": "31/12/2099",
        "package_auto_renew_date": "",
        "linked_zca": "ZCA-SANDBOX",
    }
