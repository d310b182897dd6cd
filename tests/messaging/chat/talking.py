"""A tenant whose official account chats with people of the sandbox."""

import json
from itertools import count
from typing import Any
from uuid import UUID

from messaging.chat.profiles import Said, profile_of, said_in
from messaging.dispatch.tick import drain_receipts
from messaging.intake.accept import accept
from messaging.models import ChatLine, Contact, Message, Receipt, TemplateMapping
from messaging.receipts.store import store
from messaging.states import MessageClass
from providers.contract import EventKind
from providers.zalo.chat_events import read_again
from tenants.clock import now
from tenants.models import Channel, Route, RouteStep
from tests.messaging.carriers import forget
from tests.messaging.world import World
from tests.providers.sandbox.running import OA, eventually

# The sandbox remembers people: each test has its own.
_PHONES = (f"8491{n:07d}" for n in count(1))


class Chat:
    """The world's official account with channels `oa` and `zns_uid`, each on a route of its own."""

    def __init__(self, world: World) -> None:
        self.world, self.tenant = world, world.tenant
        self.account = world.channel.account
        self.oa_id: str = world.oa.oa_id
        self.phone = next(_PHONES)
        self.channels = {kind: self._channel(kind) for kind in ("oa", "zns_uid")}
        order = world.tenant.templates.get(code="order")
        by_phone = TemplateMapping.objects.get(template=order, channel=world.channel)
        TemplateMapping.objects.create(
            template=order, channel=self.channels["zns_uid"], provider_template_id=by_phone.provider_template_id
        )
        forget()

    def _channel(self, kind: str) -> Channel:
        channel = Channel.objects.create(
            tenant=self.tenant, name=kind, kind=kind, account=self.account, night_rules=False
        )
        RouteStep.objects.create(route=Route.objects.create(tenant=self.tenant, name=kind), channel=channel, position=1)
        return channel

    def user(self, phone: str = "") -> str:
        """Return the id at the account of whoever has this number."""
        return f"675{self.oa_id[-5:]}{phone or self.phone}"

    def act(self, user: str = "", **change: Any) -> None:
        """Let a person of the sandbox do something, which it reports to the hook."""
        given = {"host": OA, "oaId": self.oa_id, "userId": user or self.user(), **change}
        answer = self.world.sandbox.call("POST", "/_/people", given)
        assert answer.status == 202, answer.body

    def tell(self, name: str, **fields: Any) -> None:
        """Take in an event as if the hook had verified it.

        Of the tenant's app and account unless `oa_id`, `app_id` or `tenant` (the app's owner) say otherwise, by the
        ordinary person unless `user` does, now unless `at` (in milliseconds) does.
        """
        at = fields.pop("at", int(now().timestamp() * 1000))
        user, oa = fields.pop("user", self.user()), fields.pop("oa_id", self.oa_id)
        app_id, owner = fields.pop("app_id", self.world.app.app_id), fields.pop("tenant", self.tenant.pk)
        sides = (oa, user) if name.startswith("oa_") else (user, oa)
        body = {"app_id": app_id, "event_name": name, "timestamp": str(at), **fields}
        if name in ("follow", "unfollow"):
            body |= {"oa_id": oa, "follower": {"id": user}}
        else:
            body |= {"sender": {"id": sides[0]}, "recipient": {"id": sides[1]}}
        raw = json.dumps(body).encode()
        store(owner, "zalo", raw, read_again(raw, now())[1])
        assert drain_receipts(MessageClass.TRANSACTIONAL)

    def contact(self, user: str = "") -> Contact | None:
        """Return the contact of a person, None where there is none."""
        wanted = user or self.user()
        rows = Contact.objects.filter(account=self.account)
        return next((row for row in rows if (found := profile_of(row)) and found.user_id == wanted), None)

    def lines(self) -> list[tuple[bool, str, Said | None]]:
        """Return direction, kind and words of every line, oldest first."""
        return [(line.inbound, line.kind, said_in(line)) for line in ChatLine.objects.order_by("at", "id")]

    def heard(self, count: int = 1) -> list[tuple[bool, str, Said | None]]:
        """Return the lines once there are so many, or as they are at the bound."""
        eventually(lambda: drain_receipts(MessageClass.TRANSACTIONAL) and ChatLine.objects.count() >= count)
        return self.lines()

    def send(self, user: str = "", text: str = "Xin chào", **options: Any) -> UUID:
        """Accept a text to a person over the chat; return the message's id."""
        message = {"to": {"oaUserId": user or self.user()}, "content": {"type": "TEXT", "text": text}}
        return self._accept(message, {"route": "oa"} | options)

    def send_template(self, user: str = "", **options: Any) -> UUID:
        """Accept the order template to a person by user id; return the message's id."""
        data = dict.fromkeys(self.world.order_params, "1")
        message = {"to": {"oaUserId": user or self.user()}, "templateId": "order", "templateData": data}
        return self._accept(message, {"route": "zns_uid"} | options)

    def _accept(self, message: dict[str, Any], options: dict[str, Any]) -> UUID:
        body = json.dumps({"messages": [message], "options": options}).encode()
        accepted = accept(self.tenant.pk, body, test=False)
        return UUID(str(Message.objects.values_list("id", flat=True).get(bulk_id=accepted.bulk_id)))

    def calls(self, path: str = "/v3.0/oa/message/cs") -> list[dict[str, Any]]:
        """Return the bodies of the calls that the sandbox got."""
        return [json.loads(call["body"]) for call in self.world.sandbox.record(host=OA, path=path)]

    def receipts(self, kind: EventKind) -> list[Receipt]:
        return list(Receipt.objects.filter(kind=kind))
