"""Which way would these messages go?"""

from decimal import Decimal

from django.http import HttpResponse
from rest_framework.request import Request

from gateway.api.examples import SEND
from gateway.api.keys import principal
from gateway.api.present import sms_parts
from gateway.api.preview_shapes import StepOut, WayOut, WaysOut
from gateway.api.schema import describe
from gateway.api.shapes import Money
from gateway.api.view import ApiView, raw_body, reply
from messaging.content import mask_phone
from messaging.intake.decode import decode
from messaging.intake.errors import Findings
from messaging.intake.request import SendRequest
from messaging.preview.preview import Way, preview
from messaging.preview.steps import StepView
from messaging.states import MessageClass
from tenants.models import ApiKey


class Preview(ApiView):
    """Looking ahead."""

    scopes = {"POST": ApiKey.Scope.SEND}

    @describe("previewMessages", {200: WaysOut}, takes=SendRequest, problems=(400, 413, 422), examples=[SEND])
    def post(self, request: Request) -> HttpResponse:
        """Tell where up to 100 messages would go, when, at what cost and why, as if they were sent now.

        Nothing is stored or reserved; what is wrong is named as by sendMessages.
        """
        caller = principal(request)
        findings = Findings()
        asked = decode(raw_body(request), findings)
        ways = preview(caller.tenant_id, asked, test=caller.mode == ApiKey.Mode.TEST, findings=findings)
        return reply(WaysOut(messages=[_shown(way) for way in ways]))


def _shown(way: Way) -> WayOut:
    return WayOut(
        to=mask_phone(way.to),
        template_id=way.template,
        message_class=MessageClass(way.message_class).queue,
        class_from=way.class_from,
        route=way.route,
        fate=way.fate,
        reason=way.reason or None,
        channel=way.channel or None,
        at=way.at,
        expires_at=way.expires_at,
        cost=_money(way.cost),
        steps=[_step(view) for view in way.steps],
    )


def _step(view: StepView) -> StepOut:
    return StepOut(
        position=view.position,
        channel=view.channel,
        fate=view.fate.value,
        reason=view.reason or None,
        at=view.at,
        detail=view.detail or None,
        price=_money(view.price),
        weight=view.weight,
        go_on_after=list(view.after),
        sms=sms_parts(view.sms),
    )


def _money(amount: Decimal | None) -> Money | None:
    return Money(amount=str(amount), currency="VND") if amount is not None else None
