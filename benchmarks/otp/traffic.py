"""One-time passwords at a steady rate over a channel of their own, and how long each took to reach the sandbox.

The channel hashes phone numbers only because that gives its calls a path of their own in the sandbox's record.
"""

import http.client
import json
import time
from collections.abc import Callable, Sequence
from datetime import datetime
from urllib.parse import quote, urlsplit
from uuid import UUID

from benchmarks.field import Field
from benchmarks.sandbox import Control
from messaging.models import Message, TemplateMapping
from providers.zalo.hosts import BUSINESS_HOST
from tenants.models import Channel, Route, RouteStep, Tenant

ROUTE = "otp"
PATH = "/message/template/hashphone"
ANSWER_SECONDS = 30.0


def _never() -> bool:
    return False


def make_route(field: Field) -> None:
    """Give the demo tenant a route for one-time passwords over its official account."""
    tenant = Tenant.objects.get(slug=field.info["tenant"])
    plain = Channel.objects.get(id=field.channel)
    channel = Channel.objects.create(
        tenant=tenant, name=ROUTE, kind=plain.kind, account_id=plain.account_id, hash_phone=True
    )
    RouteStep.objects.create(route=Route.objects.create(tenant=tenant, name=ROUTE), channel=channel, position=1)
    mapping = TemplateMapping.objects.get(channel=plain, template__code=field.info["templates"]["otp"])
    TemplateMapping.objects.create(
        template=mapping.template, channel=channel, provider_template_id=mapping.provider_template_id
    )


class Sender:
    """A client application that sends one-time passwords, one a call, over one connection."""

    def __init__(self, field: Field, key: str, route: str = "default", template: str = "") -> None:
        place = urlsplit(field.info["api"])
        self._connection = http.client.HTTPConnection(place.hostname or "", place.port, timeout=ANSWER_SECONDS)
        self._headers = {"Authorization": f"Bearer {key}", "Content-Type": "application/json"}
        self._route, self._template = route, template or field.info["templates"]["otp"]

    def send(self, count: int = 1) -> list[UUID]:
        """Send `count` one-time passwords in one call and return their ids."""
        said = {"templateId": self._template, "templateData": {"otp": "123456"}}
        messages = [{"to": f"8497{n:07d}", **said} for n in range(count)]
        body = json.dumps({"messages": messages, "options": {"route": self._route}})
        self._connection.request("POST", "/v1/messages", body, self._headers)
        reply = self._connection.getresponse()
        answer = json.loads(reply.read())
        if reply.status != http.HTTPStatus.ACCEPTED:
            raise RuntimeError(f"sending was answered {reply.status}: {answer}")
        return [UUID(message["messageId"]) for message in answer["messages"]]

    def steadily(self, per_second: float, seconds: float, stop: Callable[[], bool] = _never) -> list[UUID]:
        """Send one by one at a rate, until about once a second `stop` says so, and return the ids."""
        sent, start = list[UUID](), time.monotonic()
        for n in range(int(per_second * seconds)):
            time.sleep(max(0.0, start + n / per_second - time.monotonic()))
            sent += self.send()
            if n % int(per_second) == 0 and stop():
                break
        return sent


def delays(control: Control, sent: Sequence[UUID]) -> list[float]:
    """Return milliseconds from acceptance (by the database) to arrival at the sandbox, ascending; infinite for what
    has not arrived."""
    accepted = dict(Message.objects.filter(id__in=sent).values_list("id", "accepted_at"))
    arrived: dict[str, datetime] = {}
    for call in control.ask("GET", f"/_/requests?host={BUSINESS_HOST}&path={quote(PATH)}"):
        arrived.setdefault(json.loads(call["body"])["tracking_id"], datetime.fromisoformat(call["at"]))
    found = []
    for number in sent:
        at = arrived.get(f"{number.int | 1:032x}")
        found.append((at - accepted[number]).total_seconds() * 1000 if at else float("inf"))
    return sorted(found)
