"""A phone send as it was asked for, and every reason to refuse it before the recipient is looked at."""

import re
from collections.abc import Mapping
from typing import Any

import msgspec

from providers.sandbox.exchange import Request
from providers.sandbox.state import Sandbox
from providers.sandbox.zalo import journeys
from providers.sandbox.zalo.catalogue import Catalogue
from providers.sandbox.zalo.envelope import Refusal, json_object
from providers.sandbox.zalo.seeds import ADMINS, MAGIC, MAGIC_BY_HASH, OfficialAccount
from providers.sandbox.zalo.templates import Template, Unfit, any_template, checked

# A Vietnamese mobile number in the forms that Zalo's pages list (4.1): 84, +84 and 0 before nine digits.
PHONE = re.compile(r"(?:\+?84|0)([35789][0-9]{8})", re.ASCII)
HASH = re.compile(r"[0-9a-f]{64}", re.ASCII)


class Order(msgspec.Struct, frozen=True, kw_only=True):
    """A valid phone send. `recipient` is 84 and nine digits, or the hash that was given for it."""

    account: OfficialAccount
    recipient: str
    magic: str
    template: Template
    values: dict[str, str]
    tracking_id: str
    development: bool
    over_quota: bool


def phone_of(body: Mapping[str, Any]) -> str:
    """Return the number of a send in the form 84 and nine digits, or empty if it is none."""
    phone = body.get("phone")
    found = PHONE.fullmatch(phone) if isinstance(phone, str) else None
    return "84" + found[1] if found else ""


def read_order(
    request: Request, account: OfficialAccount, sandbox: Sandbox, catalogue: Catalogue, *, hashed: bool
) -> Order:
    """Return the order that the request places. Raises Refusal with the first fault found."""
    body = _body(request)
    recipient, magic = _hashed(body) if hashed else _plain(body)
    data = body.get("template_data")
    if not data:
        raise Refusal(-111, "Template data empty")
    if not isinstance(data, dict):
        raise Refusal(-112, "Template data invalid")
    template = named_template(body.get("template_id"), account, data, catalogue)
    try:
        values = checked(template, data)
    except Unfit as unfit:
        raise Refusal(unfit.code, unfit.text) from unfit
    _check_journey(request, template, account, recipient, sandbox)
    development = _development(body, recipient)
    return Order(
        account=account,
        recipient=recipient,
        magic=magic,
        template=template,
        values=values,
        tracking_id=_tracking_id(body),
        development=development,
        over_quota=_sending_mode(body, template, account, sandbox) == "3",
    )


def _body(request: Request) -> Mapping[str, Any]:
    if not request.body.strip():
        raise Refusal(-121, "Body data empty")
    body = json_object(request.body)
    if body is None:
        raise Refusal(-122, "Body format invalid")
    return body


def _plain(body: Mapping[str, Any]) -> tuple[str, str]:
    phone = phone_of(body)
    if not phone:
        raise Refusal(-108, "Phone number invalid")
    return phone, MAGIC.get(phone, "delivered")


def _hashed(body: Mapping[str, Any]) -> tuple[str, str]:
    value = body.get("hash_phone")
    if not isinstance(value, str) or not HASH.fullmatch(value):
        raise Refusal(-108, "Phone number invalid")
    return value, MAGIC_BY_HASH.get(value, "delivered")


def named_template(
    template_id: object, account: OfficialAccount, data: Mapping[str, Any], catalogue: Catalogue
) -> Template:
    """Return the template that a send names, if the account may send it. Raises Refusal."""
    if isinstance(template_id, bool) or not isinstance(template_id, str | int) or template_id == "":
        raise Refusal(-109, "Template ID invalid")
    wanted = str(template_id)
    template = catalogue.of(account).get(wanted)
    if template is None and account.shared:
        return any_template(wanted, data)
    if template is None:
        if catalogue.known(wanted):
            raise Refusal(-117, "OA or app does not have permission to use this template")
        raise Refusal(-109, "Template ID invalid")
    if template.status != "ENABLE":
        raise Refusal(-131, "Template is not approved")
    return template


def _check_journey(
    request: Request, template: Template, account: OfficialAccount, recipient: str, sandbox: Sandbox
) -> None:
    token = request.headers.get("journey_token", "")
    if not token:
        if template.journey:
            raise Refusal(-148, "Journey token is missing")
        return
    journey = journeys.read(token)
    if journey is None or journey.oa_id != account.id or recipient not in (journey.phone, journey.phone_hash()):
        raise Refusal(-149, "Journey token is invalid")
    if sandbox.now() * 1000 >= journey.expired_at:
        raise Refusal(-150, "Journey token is expired")


def _tracking_id(body: Mapping[str, Any]) -> str:
    value = body.get("tracking_id")
    if value is None:
        return ""
    if isinstance(value, bool) or not isinstance(value, str | int):
        raise Refusal(-132, "Parameter invalid: tracking_id")
    return str(value)


def _development(body: Mapping[str, Any], recipient: str) -> bool:
    mode = body.get("mode")
    if mode in (None, ""):
        return False
    if mode != "development":
        raise Refusal(-132, "Parameter invalid: mode")
    if recipient not in ADMINS:
        raise Refusal(-127, "Template test can only be sent to admin")
    return True


def _sending_mode(body: Mapping[str, Any], template: Template, account: OfficialAccount, sandbox: Sandbox) -> str:
    mode = body.get("sending_mode")
    if mode in (None, "", "1"):
        return "1"
    if mode != "3":
        raise Refusal(-161, "Sending mode is not allowed")
    if template.tag != "PROMOTION":
        raise Refusal(-162, "Sending mode 3 is not supported for this template tag")
    if account.id not in sandbox.settings.over_quota:
        raise Refusal(-161, "Sending mode is not allowed")
    return "3"
