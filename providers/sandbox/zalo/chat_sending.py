"""What becomes of a valid send to a user id: the person's outcome, the purse, the answer, receipts and echoes."""

import hashlib
from collections.abc import Mapping
from typing import Any

import msgspec

from providers.sandbox.exchange import Request, Result, Silence
from providers.sandbox.inbox import Shown
from providers.sandbox.state import Sandbox
from providers.sandbox.zalo import chat_events
from providers.sandbox.zalo.envelope import Refusal, success
from providers.sandbox.zalo.people import HOUR, Person
from providers.sandbox.zalo.receipts import reported
from providers.sandbox.zalo.seeds import OfficialAccount

AFTER_TIMEOUT_SECONDS = 2.0
TRIED_AT_MOST = 10_000
FREE_SECONDS = 48 * HOUR

# zalo-zns-oa.md 8.2.
REFUSALS = {
    "not_on_zalo": (-201, "user_id is invalid!", 200),
    "blocked": (-244, "User has restricted this type of message from the OA", 200),
    "quota_exceeded": (-211, "Out of quota", 200),
    "server_error": (-200, "Send message failed", 500),
}


class Letter(msgspec.Struct, frozen=True, kw_only=True):
    """A valid send. `echo` is the message as its echo tells it, None where there is none; `billed` if never free."""

    account: OfficialAccount
    person: Person
    shown: Shown
    echo: Mapping[str, Any] | None = None
    billed: bool = False


class ChatSending:
    """Sends to people of all official accounts."""

    def __init__(self, sandbox: Sandbox) -> None:
        self._sandbox = sandbox
        saved = sandbox.store.load("SELECT value FROM state WHERE name = 'tried_chat'")
        self._tried: dict[str, None] = msgspec.json.decode(saved[0][0]) if saved else {}

    async def send(self, request: Request, letter: Letter) -> Result:
        """Carry out the send. Raises Refusal."""
        magic, now = letter.person.magic, self._sandbox.now()
        if magic in REFUSALS:
            raise Refusal(*REFUSALS[magic])
        if magic == "transient_then_delivered" and self._first_time(request):
            raise Refusal(-200, "Send message failed")
        quota = self._pay(letter, now)
        arrives = now + self._delay(magic)
        message_id = self._sandbox.inbox.add(
            letter.account.id, letter.person.user_id, letter.shown, now, None if magic == "never_delivered" else arrives
        )
        await self._report(letter, message_id, now, arrives)
        if magic == "timeout_after_accept":
            return Silence.HOLD
        sent = {"message_id": message_id, "user_id": letter.person.user_id, "sent_time": str(int(now * 1000))}
        return success({**sent, "quota": quota})

    def _pay(self, letter: Letter, now: float) -> dict[str, str]:
        """Return the `quota` of the answer: free within 48 hours of an interaction, else from the package's purse."""
        if not letter.billed and letter.person.silence(now) <= FREE_SECONDS:
            return {"quota_type": "reply"}
        purse, total = f"oa:{letter.account.id}", self._sandbox.settings.oa_quota
        if self._sandbox.tally.used(purse, now) >= total:
            raise Refusal(*REFUSALS["quota_exceeded"])
        left = total - self._sandbox.tally.add(purse, now)
        owner = {"owner_type": "OA", "owner_id": letter.account.id}
        return {"quota_type": "sub_quota", "remain": str(left), "total": str(total), **owner}

    def _delay(self, magic: str) -> float:
        if magic == "late_receipt":
            return self._sandbox.settings.late_receipt_ms / 1000
        if magic == "timeout_after_accept":
            return AFTER_TIMEOUT_SECONDS
        return 0.0 if magic == "receipt_before_answer" else self._sandbox.settings.receipt_delay_ms / 1000

    async def _report(self, letter: Letter, message_id: str, now: float, arrives: float) -> None:
        person, settings = letter.person, self._sandbox.settings
        if letter.echo is not None and settings.echo_sends:
            self._plan(letter, chat_events.echoed(person, letter.shown.sort, letter.echo, message_id), now)
        if person.magic == "never_delivered":
            return
        receipt = chat_events.received(person, message_id)
        if person.magic == "receipt_before_answer":
            call = reported(letter.account.id, receipt, chat_events.SERVER, now)
            if call is not None:
                await self._sandbox.webhooks.deliver_now(call.hook, call.headers, call.body)
        else:
            for _ in range(2 if person.magic == "duplicate_receipt" else 1):
                self._plan(letter, receipt, arrives)
        if settings.seen_after_ms:
            self._plan(letter, chat_events.seen(person, [message_id]), arrives + settings.seen_after_ms / 1000)

    def _plan(self, letter: Letter, event: dict[str, Any], at: float) -> None:
        call = reported(letter.account.id, event, chat_events.SERVER, at)
        if call is not None:
            self._sandbox.webhooks.plan(call.hook, call.headers, call.body, at)

    def _first_time(self, request: Request) -> bool:
        """Return whether the same bytes were not refused just before; this wire has no id that a message keeps."""
        key = hashlib.sha256(request.path.encode() + request.body).hexdigest()
        if key in self._tried:
            del self._tried[key]
            return False
        self._tried[key] = None
        if len(self._tried) > TRIED_AT_MOST:
            del self._tried[next(iter(self._tried))]
        self._sandbox.store.keep("tried_chat", self._tried)
        return True
