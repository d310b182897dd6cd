"""The host openapi.zalo.me as the sandbox imitates it (zalo-zns-oa.md sections 2, 4.4 and 7)."""

from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from providers.sandbox.exchange import Answer, HookCall, Host, Request, Result, Subject
from providers.sandbox.state import Sandbox
from providers.sandbox.zalo.acting import Acting
from providers.sandbox.zalo.assets import SORTS, Assets
from providers.sandbox.zalo.catalogue import Catalogue
from providers.sandbox.zalo.chat_events import SERVER
from providers.sandbox.zalo.chat_sending import ChatSending
from providers.sandbox.zalo.envelope import Refusal, TokenWords, authorised, json_object, subject_of, success
from providers.sandbox.zalo.grants import Grants
from providers.sandbox.zalo.letters import body_of, invalid, person_of, read_letter
from providers.sandbox.zalo.people import People
from providers.sandbox.zalo.people_listing import chat_row, person_detail, profile, shown_people
from providers.sandbox.zalo.receipts import reported
from providers.sandbox.zalo.seeds import OfficialAccount
from providers.zns_uid.sandbox import read_template_letter

WORDS = TokenWords(
    unknown=(-216, "Access token is invalid"),
    dead=(-220, "access_token is expired or removed"),
    proof=(-242, "appsecret_proof is invalid"),
)
LAST_OFFSET, MOST_LISTED, MOST_MESSAGES = 9_951, 50, 10
SHUT = ("/v2.0/oa/message", "/v2.0/oa/getfollowers", "/v2.0/oa/getprofile")

Answering = Callable[[Request, OfficialAccount], Awaitable[Result]]


class OfficialAccountHost(Host):
    """Consultation messages, templates by user id, people, conversations, uploads and purses."""

    def __init__(self, sandbox: Sandbox, grants: Grants, catalogue: Catalogue) -> None:
        self._sandbox = sandbox
        self._grants = grants
        self._catalogue = catalogue
        self._people = People(sandbox)
        self._acting = Acting(sandbox, self._people)
        self._assets = Assets(sandbox)
        self._sending = ChatSending(sandbox)
        self._minute = 0
        self._calls: dict[str, int] = {}
        self._routes: dict[tuple[str, str], Answering] = {
            ("GET", "/v2.0/oa/getoa"): self._profile,
            ("POST", "/v3.0/oa/message/cs"): self._consult,
            ("POST", "/v3.0/oa/message/template"): self._template,
            ("POST", "/v3.0/oa/quota/message"): self._quota,
            ("GET", "/v3.0/oa/user/getlist"): self._list,
            ("GET", "/v3.0/oa/user/detail"): self._detail,
            ("GET", "/v2.0/oa/conversation"): self._conversation,
            ("GET", "/v2.0/oa/listrecentchat"): self._recent,
            **{("POST", f"/v2.0/oa/upload/{sort}"): self._upload for sort in SORTS},
        }

    async def answer(self, request: Request) -> Result:
        """Return what the host says, with the rate headers of section 2."""
        headers: dict[str, str] = {}
        try:
            account = authorised(request, self._sandbox, self._grants, WORDS)
            headers = self._rate(account)
            route = self._routes.get((request.method, request.path))
            if route is None:
                raise Refusal(-240, "This API is shut down") if request.path in SHUT else Refusal(-209, "Not supported")
            result = await route(request, account)
        except Refusal as refusal:
            result = refusal.answer()
        if isinstance(result, Answer):
            return Answer(status=result.status, body=result.body, headers=headers)
        return result

    def subject(self, request: Request) -> Subject:
        """Return the user id that the request names and the official account of its token."""
        fields = json_object(request.body) or json_object(request.params().get("data", "").encode()) or {}
        recipient = fields.get("recipient")
        wanted = recipient.get("user_id") if isinstance(recipient, dict) else fields.get("user_id")
        return subject_of(request, self._grants, wanted if isinstance(wanted, str) else "")

    def accounts(self) -> dict[str, Any]:
        """Return people, templates and magic user ids by official account, with tokens that are valid now."""
        return shown_people(self._grants, self._catalogue, self._people)

    def event(self, account: str, event: Mapping[str, Any]) -> HookCall | None:
        """Return the signed call for an event of the OA family."""
        return reported(account, event, SERVER, self._sandbox.now())

    def person(self, account: str, user: str, change: Mapping[str, Any]) -> tuple[Any, list[HookCall]] | None:
        """Change a person of the account and let them act."""
        return self._acting.act(account, user, change)

    async def _consult(self, request: Request, account: OfficialAccount) -> Result:
        letter = read_letter(request, account, self._people, self._assets, self._sandbox.now())
        return await self._sending.send(request, letter)

    async def _template(self, request: Request, account: OfficialAccount) -> Result:
        letter = read_template_letter(request, account, self._people, self._catalogue)
        return await self._sending.send(request, letter)

    async def _profile(self, request: Request, account: OfficialAccount) -> Result:
        return success(profile(account, self._people))

    async def _list(self, request: Request, account: OfficialAccount) -> Result:
        asked = _asked(request)
        offset, count = _number(asked, "offset", 0, LAST_OFFSET), _number(asked, "count", MOST_LISTED, MOST_LISTED)
        wanted = str(asked.get("is_follower", "true")).lower() == "true"
        found = [person for person in self._people.listed(account) if person.follows is wanted]
        users = [{"user_id": person.user_id} for person in found[offset : offset + count]]
        return success({"total": len(found), "count": len(users), "offset": offset, "users": users})

    async def _detail(self, request: Request, account: OfficialAccount) -> Result:
        person = person_of(self._people, account, _asked(request).get("user_id"))
        if not person.follows:
            raise Refusal(-213, "User has not followed the OA")
        return success(person_detail(person, self._sandbox.now()))

    async def _quota(self, request: Request, account: OfficialAccount) -> Result:
        body, now, total = body_of(request), self._sandbox.now(), self._sandbox.settings.oa_quota
        if "user_id" in body:
            person = person_of(self._people, account, body["user_id"])
            return success({"last_interaction": str(int((now - person.silence(now)) * 1000))})
        if body.get("quota_owner") not in ("OA", "App"):
            raise invalid("quota_owner")
        left = max(0, total - self._sandbox.tally.used(f"oa:{account.id}", now))
        kinds = {name: str(body.get(name, default)) for name, default in (("product_type", "cs"), ("quota_type", ""))}
        purse = {"asset_id": f"sbx-{account.id}", **kinds, "valid_through": "31/12/2099"}
        return success([{**purse, "total": total, "remain": left}])

    async def _conversation(self, request: Request, account: OfficialAccount) -> Result:
        asked = _asked(request)
        person = person_of(self._people, account, asked.get("user_id"))
        offset, count = _number(asked, "offset", 0, 1_000_000), _number(asked, "count", MOST_MESSAGES, MOST_MESSAGES)
        found = await self._sandbox.inbox.conversation(account.id, person.user_id, offset, count)
        return success([chat_row(message, account) for message in found])

    async def _recent(self, request: Request, account: OfficialAccount) -> Result:
        asked = _asked(request)
        offset, count = _number(asked, "offset", 0, 1_000_000), _number(asked, "count", MOST_MESSAGES, MOST_MESSAGES)
        found = await self._sandbox.inbox.recent(account.id)
        return success([chat_row(message, account) for message in found[offset : offset + count]])

    async def _upload(self, request: Request, account: OfficialAccount) -> Result:
        return success(self._assets.add(request, account.id, request.path.rpartition("/")[2]))

    def _rate(self, account: OfficialAccount) -> dict[str, str]:
        """Count the call of the app in this minute and return the headers. Raises Refusal over the limit."""
        limit, minute = self._sandbox.settings.rate_per_minute, int(self._sandbox.now()) // 60
        if minute != self._minute:
            self._minute, self._calls = minute, {}
        used = self._calls[account.app_id] = self._calls.get(account.app_id, 0) + 1
        if used > limit:
            raise Refusal(-32, "Application has reached the limit of calls per minute")
        return {"X-RateLimit-Limit": str(limit), "X-RateLimit-Remain": str(limit - used)}


def _asked(request: Request) -> Mapping[str, Any]:
    """Return the fields of a GET, which stand as JSON in the parameter `data` (section 2). Raises Refusal."""
    fields = json_object(request.params().get("data", "{}").encode())
    if fields is None:
        raise invalid("data")
    return fields


def _number(asked: Mapping[str, Any], name: str, default: int, most: int) -> int:
    value = asked.get(name, default)
    if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value <= most:
        raise invalid(name)
    return value
