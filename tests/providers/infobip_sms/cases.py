"""SMS through Infobip case by case: a message and the exact request, a reply and the outcome it means."""

from typing import Any

from providers.contract import Call, Headers, Outbound
from tests.providers.infobip.cases import ACCEPT, ANSWERED, APP, CONTEXT, HOOK, JSON, LEG, TRACKING, refusal

__all__ = ["ANSWERED", "CALL", "CONTEXT", "CREDENTIALS", "PACKED", "PERSONAL", "message", "refusal"]

CREDENTIALS = {"api_key": "k3y", "sender": "ACME"}
URL = "https://api.infobip.com/sms/3/messages"
HEADERS: Headers = (APP, ACCEPT, JSON)


def message(**changed: Any) -> Outbound:
    given: dict[str, Any] = {"leg_id": LEG, "phone": "84987654321", "text": "Mã của bạn là 123456"}
    return Outbound(**(given | changed))


def body(options: str = "", sender: str = "ACME", text: str = "Mã của bạn là 123456") -> str:
    return (
        f'{{"messages":[{{"sender":"{sender}","destinations":[{{"to":"84987654321","messageId":"{LEG}"}}],'
        f'"content":{{"text":"{text}"}},{options}{HOOK}}}],{TRACKING}}}'
    )


# name -> (message, changed credentials, URL, headers, body)
PACKED: dict[str, tuple[Outbound, dict[str, str], str, Headers, str]] = {
    "plain": (message(), {}, URL, HEADERS, body()),
    "a sender of its own": (message(sender="SHOP"), {}, URL, HEADERS, body(sender="SHOP")),
    "an account's own host": (
        message(),
        {"base_url": "x1y2z.api.infobip.com"},
        "https://x1y2z.api.infobip.com/sms/3/messages",
        HEADERS,
        body(),
    ),
    "quotes and line ends": (message(text='"a"\n\\'), {}, URL, HEADERS, body(text='\\"a\\"\\n\\\\')),
    "validity and platform": (
        message(valid_for=300.0, entity_id="e", application_id="a"),
        {},
        URL,
        HEADERS,
        body(
            '"options":{"platform":{"entityId":"e","applicationId":"a"},'
            '"validityPeriod":{"amount":300,"timeUnit":"SECONDS"}},'
        ),
    ),
    "a template's id and values are not sent": (
        message(template="1", values={"a": "b"}, oa_user_id="7"),
        {},
        URL,
        HEADERS,
        body(),
    ),
}

CALL = Call(method="POST", url=URL, headers=HEADERS, body=body().encode(), legs=(LEG,), timeout=8.0)
PERSONAL = ("84987654321", "Mã của bạn là 123456")
