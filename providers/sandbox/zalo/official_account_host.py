"""The host openapi.zalo.me as the sandbox imitates it (zalo-zns-oa.md sections 2 and 7.3)."""

from collections.abc import Mapping
from typing import Any

from providers.sandbox.exchange import Answer, HookCall, Host, Request, Result, Subject
from providers.sandbox.state import Sandbox
from providers.sandbox.zalo.envelope import Refusal, TokenWords, authorised, subject_of, success
from providers.sandbox.zalo.grants import Grants
from providers.sandbox.zalo.receipts import reported
from providers.sandbox.zalo.seeds import OfficialAccount

WORDS = TokenWords(
    unknown=(-216, "Access token is invalid"),
    dead=(-220, "access_token is expired or removed"),
    proof=(-242, "appsecret_proof is invalid"),
)


class OfficialAccountHost(Host):
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
