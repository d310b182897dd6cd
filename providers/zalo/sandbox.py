"""The host oauth.zaloapp.com as the sandbox imitates it (zalo-zns-oa.md section 3)."""

import hmac
from urllib.parse import urlencode

from providers.sandbox.exchange import Answer, Host, Request, Result, Subject, json_answer
from providers.sandbox.state import Sandbox
from providers.sandbox.zalo.consent import consent_page
from providers.sandbox.zalo.grants import Grants, Kind, Token, challenge_of
from providers.sandbox.zalo.seeds import APPS, OFFICIAL_ACCOUNTS, App

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


class OauthHost(Host):
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
