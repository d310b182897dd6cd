"""A consultation message as it was asked for, and every reason to refuse it (zalo-zns-oa.md 7.1 and 8.2)."""

from collections.abc import Mapping
from typing import Any

from providers.sandbox.exchange import Request
from providers.sandbox.inbox import Shown
from providers.sandbox.zalo.assets import Assets
from providers.sandbox.zalo.buttons import shown_buttons
from providers.sandbox.zalo.chat_sending import Letter
from providers.sandbox.zalo.envelope import Refusal, json_object
from providers.sandbox.zalo.people import HOUR, People, Person
from providers.sandbox.zalo.seeds import OfficialAccount

LONGEST_TEXT = 2_000
WEEK_SECONDS = 7 * 24 * HOUR
MEDIA = ("image", "gif", "sticker")


def invalid(field: str) -> Refusal:
    """Return the refusal that names a field, in the words seen live."""
    return Refusal(-201, f"{field} is invalid!")


def body_of(request: Request) -> Mapping[str, Any]:
    """Return the request's JSON object. Raises Refusal."""
    body = json_object(request.body)
    if body is None:
        raise invalid("body")
    return body


def person_of(people: People, account: OfficialAccount, wanted: object) -> Person:
    """Return the person with this id at the account. Raises Refusal."""
    person = people.find(account, wanted) if isinstance(wanted, str) else None
    if person is None:
        raise invalid("user_id")
    return person


def read_letter(request: Request, account: OfficialAccount, people: People, assets: Assets, now: float) -> Letter:
    """Return the consultation message that the request asks for. Raises Refusal with the first fault found."""
    body = body_of(request)
    recipient, message = body.get("recipient"), body.get("message")
    if not isinstance(recipient, dict):
        raise invalid("recipient")
    person = person_of(people, account, recipient.get("user_id"))
    if not isinstance(message, dict):
        raise invalid("message")
    _within_windows(person, now)
    text = message.get("text", "")
    if not isinstance(text, str):
        raise invalid("text")
    if len(text) > LONGEST_TEXT:
        raise Refusal(-210, "Message text exceeds the limit of 2000 characters")
    sort, rows, url, button = _attachment(message.get("attachment"), account, assets, now)
    if not text and sort == "text":
        raise invalid("message")
    shown = Shown(sender=account.name, title="", text=text, rows=rows, button=button, sort=sort, url=url)
    return Letter(account=account, person=person, shown=shown, echo=_echo(text, sort, url))


def _within_windows(person: Person, now: float) -> None:
    if person.restricts:
        raise Refusal(-244, "User has restricted this type of message from the OA")
    if person.silence(now) <= WEEK_SECONDS:
        return
    if not person.follows:
        raise Refusal(-213, "User has not followed the OA")
    raise Refusal(-230, "User has not interacted with the OA in the past 7 days")


def _attachment(
    attachment: object, account: OfficialAccount, assets: Assets, now: float
) -> tuple[str, tuple[tuple[str, str], ...], str, str]:
    """Return the sort of message, the rows shown, its address and its buttons. Raises Refusal."""
    if attachment is None:
        return "text", (), "", ""
    payload = attachment.get("payload") if isinstance(attachment, dict) else None
    if not isinstance(attachment, dict) or not isinstance(payload, dict):
        raise invalid("attachment")
    if attachment.get("type") == "file":
        assets.check(account.id, payload.get("token"), "token", now)
        return "file", (("File", str(payload["token"])),), "", ""
    if attachment.get("type") != "template":
        raise Refusal(-233, "Message type is invalid")
    button = shown_buttons(payload.get("buttons"))
    match payload.get("template_type"):
        case None if button:
            return "text", (), "", button
        case "media":
            sort, row, url = _media(_only(payload), account, assets, now)
            return sort, (row,), url, button
        case "request_user_info":
            return "template", _form(_only(payload)), "", button or "Cung cấp thông tin"
    raise Refusal(-233, "Message type is invalid")


def _only(payload: Mapping[str, Any]) -> Mapping[str, Any]:
    elements = payload.get("elements")
    if not isinstance(elements, list) or len(elements) != 1 or not isinstance(elements[0], dict):
        raise invalid("elements")
    return elements[0]


def _media(
    element: Mapping[str, Any], account: OfficialAccount, assets: Assets, now: float
) -> tuple[str, tuple[str, str], str]:
    sort, url = element.get("media_type"), element.get("url")
    if sort not in MEDIA:
        raise invalid("media_type")
    if sort == "gif" and not all(isinstance(element.get(name), int) for name in ("width", "height")):
        raise invalid("width")
    if sort != "sticker" and isinstance(url, str) and url.startswith("https://"):
        return str(sort), (str(sort).capitalize(), url), url
    if sort != "sticker":
        assets.check(account.id, element.get("attachment_id"), "attachment_id", now)
    elif not isinstance(element.get("attachment_id"), str) or not element["attachment_id"]:
        raise invalid("attachment_id")
    return str(sort), (str(sort).capitalize(), str(element["attachment_id"])), ""


def _form(element: Mapping[str, Any]) -> tuple[tuple[str, str], ...]:
    for name, longest in (("title", 100), ("subtitle", 500), ("image_url", 2_000)):
        if not isinstance(element.get(name), str) or not element[name]:
            raise invalid(name)
        if len(element[name]) > longest:
            raise Refusal(-210, f"{name} exceeds the limit")
    return (element["title"], element["subtitle"]), ("Image", element["image_url"])


def _echo(text: str, sort: str, url: str) -> dict[str, Any]:
    message: dict[str, Any] = {"text": text} if text else {}
    if sort != "text":
        message["attachments"] = [{"type": sort, "payload": {"url": url} if url else {}}]
    return message
