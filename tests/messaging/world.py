"""A tenant that sends through a running sandbox, and what a test wants to ask about its messages."""

import json
from typing import Any
from uuid import UUID

from messaging.intake.accept import accept
from messaging.models import Due, Leg, Message, TimelineEvent
from messaging.states import MessageClass, State
from tenants.custody import paste
from tenants.models import OfficialAccount, Tenant, ZaloApp
from tenants.runtime import forget
from tests.factories import (
    AccountFactory,
    ChannelFactory,
    OfficialAccountFactory,
    RouteFactory,
    RouteStepFactory,
    TemplateFactory,
    TemplateMappingFactory,
    TenantFactory,
    ZaloAppFactory,
)
from tests.providers.sandbox.running import BUSINESS, RunningSandbox, eventually

OTP_TEMPLATE = "otp"
ORDINARY = "84987654321"
VALIDITY = {"amount": 30, "timeUnit": "SECONDS"}


class World:
    """`sandbox` runs; the tenant's first official account is the sandbox's first."""

    def __init__(self, sandbox: RunningSandbox, slug: str = "bakery") -> None:
        self.sandbox = sandbox
        accounts = sandbox.accounts()
        credentials = accounts["credentials"]
        self.tenant: Tenant = TenantFactory.create(slug=slug)
        account = AccountFactory.create(tenant=self.tenant)
        self.app: ZaloApp = ZaloAppFactory.build(tenant=self.tenant, app_id=credentials["appId"])
        self.app.app_secret, self.app.oa_secret_key = credentials["secretKey"], credentials["oaSecretKey"]
        self.app.save()
        self.oa: OfficialAccount = OfficialAccountFactory.create(
            account=account, app=self.app, oa_id=credentials["oaId"]
        )
        paste(self.oa, credentials["accessToken"], credentials["refreshToken"])
        self.channel = ChannelFactory.create(tenant=self.tenant, name="zns", account=account)
        RouteStepFactory.create(route=RouteFactory.create(tenant=self.tenant), channel=self.channel)
        provided = {template["name"].lower(): template for template in accounts["templates"]}
        otp = next(template for template in accounts["templates"] if template["params"] == ["otp"])
        self._template("otp", otp["id"], ["otp"], MessageClass.OTP, 15.0)
        order = next(t for t in accounts["templates"] if t["params"] != ["otp"] and "ky" not in t["params"])
        self.order_params: list[str] = order["params"]
        self._template("order", order["id"], order["params"], MessageClass.TRANSACTIONAL, 20.0)
        self.provided = provided
        forget()

    def _template(
        self, code: str, provided: str, names: list[str], message_class: MessageClass, timeout: float
    ) -> None:
        template = TemplateFactory.create(
            tenant=self.tenant,
            code=code,
            message_class=message_class,
            timeout=timeout,
            price="300",
            parameters=[
                {"name": name, "required": True, "type": "STRING", "minLength": 0, "maxLength": 0} for name in names
            ],
        )
        TemplateMappingFactory.create(template=template, channel=self.channel, provider_template_id=provided)

    def send(self, *recipients: str, template: str = "otp", **options: Any) -> list[UUID]:
        """Accept one message for each recipient and return their ids."""
        data = {"otp": "123456"} if template == "otp" else dict.fromkeys(self.order_params, "1")
        messages = [{"to": to, "templateId": template, "templateData": data} for to in recipients or (ORDINARY,)]
        body = json.dumps({"messages": messages, "options": {"validityPeriod": VALIDITY, **options}})
        accepted = accept(self.tenant.pk, body.encode(), test=False)
        return list(Message.objects.filter(bulk_id=accepted.bulk_id).order_by("id").values_list("id", flat=True))

    def state(self, message_id: UUID) -> State:
        """Return the stored state of a message."""
        return State(Message.objects.get(id=message_id).state)

    def events(self, message_id: UUID) -> list[tuple[str, str]]:
        """Return (type, reason) of each line of a message's timeline."""
        lines = TimelineEvent.objects.filter(message_id=message_id).order_by("n")
        return [(line.type, line.reason) for line in lines]

    def leg(self, message_id: UUID) -> Leg:
        """Return the first leg of a message."""
        return Leg.objects.get(message_id=message_id, n=1)

    def due(self, message_id: UUID) -> Due | None:
        """Return the due row of a message that has not ended."""
        return Due.objects.filter(message_id=message_id).first()

    def sends(self) -> list[dict[str, Any]]:
        """Return the calls of the send endpoint that the sandbox recorded."""
        return self.sandbox.record(host=BUSINESS, path="/message/template")

    def ends(self, *message_ids: UUID, bound: float = 15.0) -> list[State]:
        """Return the states of messages when all have ended, or as they are at the bound (seconds)."""
        rows = Message.objects.filter(id__in=message_ids)
        eventually(lambda: not rows.filter(ended_at=None).exists(), bound)
        states = dict(rows.values_list("id", "state"))
        return [State(states[message_id]) for message_id in message_ids]
