"""The host business.openapi.zalo.me as the sandbox imitates it (zalo-zns-oa.md sections 4, 5 and 10)."""

from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from providers.oa.sandbox import OfficialAccountHost
from providers.sandbox.exchange import HookCall, Host, Request, Result, Subject
from providers.sandbox.state import Sandbox
from providers.sandbox.zalo import journeys
from providers.sandbox.zalo.catalogue import Catalogue
from providers.sandbox.zalo.envelope import Refusal, TokenWords, authorised, json_object, subject_of, success
from providers.sandbox.zalo.grants import Grants
from providers.sandbox.zalo.listing import detail, shown_accounts, summary
from providers.sandbox.zalo.order import phone_of, read_order
from providers.sandbox.zalo.receipts import reported, template_events
from providers.sandbox.zalo.seeds import OfficialAccount
from providers.sandbox.zalo.sending import Sending
from providers.sandbox.zalo.templates import Template
from providers.zalo.hosts import BUSINESS_HOST, OA_HOST, OAUTH_HOST
from providers.zalo.sandbox import OauthHost

INVALID = (-124, "Access token invalid")
WORDS = TokenWords(unknown=INVALID, dead=INVALID, proof=(-1241, "appsecret_proof is invalid"))
STATUSES = {"1": "ENABLE", "2": "PENDING_REVIEW", "3": "REJECT", "4": "DISABLE"}

Answering = Callable[[Request, OfficialAccount], Awaitable[Result]]


def hosts(sandbox: Sandbox) -> dict[str, Host]:
    """Return Zalo's three hosts, over the same tokens and templates."""
    grants, catalogue = Grants(sandbox), Catalogue(sandbox)
    return {
        BUSINESS_HOST: BusinessHost(sandbox, grants, catalogue),
        OAUTH_HOST: OauthHost(sandbox, grants),
        OA_HOST: OfficialAccountHost(sandbox, grants, catalogue),
    }


class BusinessHost(Host):
    """Phone sends, templates, quotas and status."""

    def __init__(self, sandbox: Sandbox, grants: Grants, catalogue: Catalogue) -> None:
        self._sandbox = sandbox
        self._grants = grants
        self._catalogue = catalogue
        self._sending = Sending(sandbox)
        self._routes: dict[tuple[str, str], Answering] = {
            ("POST", "/message/template"): self._send,
            ("POST", "/message/template/hashphone"): self._send_hashed,
            ("GET", "/message/status"): self._status,
            ("GET", "/message/quota"): self._quota,
            ("GET", "/message/template-tag"): self._tags,
            ("GET", "/quality"): self._quality,
            ("GET", "/template/all"): self._templates,
            ("GET", "/template/info"): self._template,
            ("GET", "/template/info/v2"): self._template,
            ("GET", "/template/sample-data"): self._sample,
            ("POST", "/journey/get-token"): self._journey_token,
            ("GET", "/journey/check-token"): self._journey_check,
        }

    async def answer(self, request: Request) -> Result:
        """Return what the business host says; whatever it refuses comes with HTTP 200 and a code."""
        try:
            route = self._routes.get((request.method, request.path))
            if route is None:
                raise Refusal(-106, "Method unsupported")
            return await route(request, authorised(request, self._sandbox, self._grants, WORDS))
        except Refusal as refusal:
            return refusal.answer()

    def subject(self, request: Request) -> Subject:
        """Return the recipient of a send, as number or hash, and the official account of its token."""
        body = json_object(request.body) or {}
        return subject_of(request, self._grants, phone_of(body) or str(body.get("hash_phone", "")))

    def accounts(self) -> dict[str, Any]:
        """Return seeded apps, official accounts, templates and recipients with tokens that are valid now."""
        return shown_accounts(self._grants, self._catalogue)

    def event(self, account: str, event: Mapping[str, Any]) -> HookCall | None:
        """Return the signed call for an event of the ZNS family."""
        return reported(account, event, "ZNS", self._sandbox.now())

    def change_template(self, account: str, template: str, fields: Mapping[str, str]) -> list[HookCall] | None:
        """Set fields of a template and return the events that report its new status and quality (6.2)."""
        changed = self._catalogue.change(account, template, fields)
        if changed is None:
            return None
        calls = (self.event(account, event) for event in template_events(account, *changed))
        return [call for call in calls if call]

    async def _send(self, request: Request, account: OfficialAccount) -> Result:
        return await self._sending.send(read_order(request, account, self._sandbox, self._catalogue, hashed=False))

    async def _send_hashed(self, request: Request, account: OfficialAccount) -> Result:
        return await self._sending.send(read_order(request, account, self._sandbox, self._catalogue, hashed=True))

    async def _status(self, request: Request, account: OfficialAccount) -> Result:
        message_id = request.params().get("message_id", "")
        known, arrives = await self._sandbox.inbox.arrival(account.id, message_id) if message_id else (False, None)
        if not known:
            return success({"delivery_time": "", "message": "Message does not exist", "status": -1})
        if arrives is None or arrives > self._sandbox.now():
            return success({"delivery_time": "", "message": "Message has not been delivered", "status": 0})
        return success({"delivery_time": str(int(arrives * 1000)), "message": "Message was delivered", "status": 1})

    async def _quota(self, request: Request, account: OfficialAccount) -> Result:
        daily = self._sandbox.settings.daily_quota
        left = max(0, daily - self._sandbox.tally.used(account.id, self._sandbox.now()))
        monthly = {"monthlyPromotionQuota": daily, "remainingMonthlyPromotionQuota": left}
        promotion = {"dailyQuotaPromotion": None, "remainingQuotaPromotion": None, **monthly}
        return success(
            {"dailyQuota": daily, "remainingQuota": left, **promotion, "estimatedNextMonthPromotionQuota": daily}
        )

    async def _tags(self, request: Request, account: OfficialAccount) -> Result:
        return success(["TRANSACTION", "CUSTOMER_CARE", "PROMOTION"])

    async def _quality(self, request: Request, account: OfficialAccount) -> Result:
        return success({"oaCurrentQuality": "HIGH", "oa7dayQuality": "HIGH"})

    async def _templates(self, request: Request, account: OfficialAccount) -> Result:
        params = request.params()
        offset, limit = _number(params, "offset", 0, 1_000_000), _number(params, "limit", 100, 100)
        wanted = STATUSES.get(params.get("status", ""), "")
        found = [each for each in self._catalogue.of(account).values() if wanted in ("", each.status)]
        rows = [summary(each) for each in found[offset : offset + limit]]
        return success(rows, metadata={"total": len(found)})

    async def _template(self, request: Request, account: OfficialAccount) -> Result:
        return success(detail(self._named(request, account)))

    async def _sample(self, request: Request, account: OfficialAccount) -> Result:
        return success({each.name: each.sample for each in self._named(request, account).parameters})

    def _named(self, request: Request, account: OfficialAccount) -> Template:
        template = self._catalogue.of(account).get(request.params().get("template_id", ""))
        if template is None:
            raise Refusal(-109, "Template ID invalid")
        return template

    async def _journey_token(self, request: Request, account: OfficialAccount) -> Result:
        phone = phone_of(json_object(request.body) or {})
        if not phone:
            raise Refusal(-108, "Phone number invalid")
        now = int(self._sandbox.now() * 1000)
        journey = journeys.Journey(
            app_id=account.app_id, oa_id=account.id, phone=phone, created_at=now, expired_at=now + journeys.WEEK_MS
        )
        return journeys.given(journey, request.id)

    async def _journey_check(self, request: Request, account: OfficialAccount) -> Result:
        text = request.headers.get("journey_token", "")
        if not text:
            raise Refusal(-148, "Journey token is missing")
        journey = journeys.read(text)
        if journey is None or journey.oa_id != account.id:
            raise Refusal(-149, "Journey token is invalid")
        times = {"createdAt": journey.created_at, "expiredAt": journey.expired_at}
        return success({"appId": journey.app_id, "oaId": journey.oa_id, **times})


def _number(params: dict[str, str], name: str, default: int, most: int) -> int:
    text = params.get(name, str(default))
    if not text.isdecimal() or int(text) > most:
        raise Refusal(-132, f"Parameter invalid: {name}")
    return int(text)
