"""A Zalo send as it was asked for, and every reason to refuse it at once (nxcloud.md section 3)."""

import re
from collections.abc import Mapping
from typing import Any

import msgspec

from providers.sandbox.exchange import Request
from providers.sandbox.nxcloud.customers import ZALO_MAGIC, Customer
from providers.sandbox.nxcloud.office import Refusal
from providers.sandbox.zalo.envelope import json_object
from providers.sandbox.zalo.templates import Template, any_template

PHONE = re.compile(r"84[35789][0-9]{8}")
MOST_PARAMETERS, LONGEST_WEBHOOK, LONGEST_EXT = 8, 256, 65_535


class ZaloOrder(msgspec.Struct, frozen=True, kw_only=True):
    """A send that is taken; `values` may still not fit the template, which Zalo says later."""

    customer: Customer
    phone: str
    template: Template
    values: dict[str, Any]
    journey_token: str
    webhook: str
    ext: str

    @property
    def magic(self) -> str:
        """What becomes of a message to this number."""
        return ZALO_MAGIC.get(self.phone, "delivered")


def read_order(request: Request, customer: Customer) -> ZaloOrder:
    """Return the order that the request places. Raises Refusal with the first fault found."""
    body = json_object(request.body)
    if body is None:
        raise Refusal(9000, "Request parameter error")
    if _text(body, "appkey") != customer.appkey:
        raise Refusal(9003, "Customer APP does not exist / Status is unavailable")
    data = body.get("messageData")
    if body.get("functionType") != "template" or not isinstance(data, dict):
        raise Refusal(9000, "Request parameter error")
    phone = _text(body, "phone")
    if not PHONE.fullmatch(phone):
        raise Refusal(9002, "Phone number error")
    values = data.get("templateData")
    if not isinstance(values, dict) or len(values) > MOST_PARAMETERS:
        raise Refusal(9000, "Request parameter error")
    return ZaloOrder(
        customer=customer,
        phone=phone,
        template=_template(_text(data, "templateId"), customer, values),
        values=values,
        journey_token=_text(data, "journeyToken", required=False),
        webhook=_limited(_text(body, "drWebhook", required=False), LONGEST_WEBHOOK),
        ext=_limited(_text(body, "ext", required=False), LONGEST_EXT),
    )


def _text(fields: Mapping[str, Any], name: str, *, required: bool = True) -> str:
    value = fields.get(name)
    if value is None and not required:
        return ""
    if not isinstance(value, str) or (required and not value):
        raise Refusal(9000, "Request parameter error")
    return value


def _limited(text: str, most: int) -> str:
    if len(text.encode()) > most:
        raise Refusal(9000, "Request parameter error")
    return text


def _template(wanted: str, customer: Customer, values: Mapping[str, Any]) -> Template:
    template = customer.templates.get(wanted)
    if template is None and customer.shared:
        return any_template(wanted, values)
    if template is None:
        raise Refusal(17001, "Zalo vendor template does not exist")
    if template.status != "ENABLE":
        raise Refusal(17002, "Zalo vendor template status is unavailable")
    return template
