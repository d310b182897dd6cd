"""One template message to one user id of an Official Account: its request and its answer (zalo-zns-oa.md 4.4)."""

import unicodedata
from collections.abc import Mapping, Sequence
from typing import Any, Final

from providers.contract import Call, ContentKind, Context, ErrorRow, Outbound, Outcome, Response
from providers.zalo.calls import sends_by_user_id
from providers.zalo.fields import as_object, as_text, json_object
from providers.zalo.oa_outcomes import outcomes
from providers.zns_uid import errors

PATH: Final = "/v3.0/oa/message/template"


def check(message: Outbound) -> ErrorRow | None:
    """Return why `message` must not be sent, None if nothing speaks against it."""
    if message.kind is not ContentKind.TEMPLATE:
        return errors.NOT_A_TEMPLATE
    if not message.oa_user_id:
        return errors.NO_PERSON
    if message.mode == "development":
        return errors.NO_DEVELOPMENT_MODE
    return errors.NO_JOURNEYS if message.journey_token else None


def pack(messages: Sequence[Outbound], credentials: Mapping[str, str], context: Context) -> list[Call]:
    """Return one call for each message that may go; `credentials` as in the README."""
    fitting = (message for message in messages if check(message) is None)
    return sends_by_user_id(PATH, fitting, _body, credentials, context)


def unpack(call: Call, response: Response) -> list[Outcome]:
    """Return the outcome that `response` means for each leg of `call`."""
    return outcomes(call, response, errors.row_for, _sent_values(call.body))


def _body(message: Outbound) -> dict[str, Any]:
    # Zalo counts characters of composed text, so a decomposed accent would be counted twice (section 2).
    values = {name: unicodedata.normalize("NFC", value) for name, value in message.values.items()}
    return {"user_id": message.oa_user_id, "template_id": message.template, "template_data": values}


def _sent_values(body: bytes) -> list[str]:
    request = json_object(body) or {}
    values = [as_text(value) for value in as_object(request.get("template_data")).values()]
    return [*values, as_text(request.get("user_id"))]
