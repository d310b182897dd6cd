"""What Zalo reports about the chat of an Official Account and its people (zalo-zns-oa.md section 6.3)."""

import hashlib
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any, Final

from providers.contract import Event, EventKind
from providers.zalo.fields import as_list, as_object, as_text
from providers.zalo.told import Told, opened_again

# The button "Test" of the console sends a text with this id, correctly signed.
_CONSOLE_TEST: Final = "This is message id"
_SENT_BY_USER: Final = (
    "text", "image", "link", "audio", "video", "gif", "sticker", "location", "business_card", "file",
)  # fmt: skip
_SENT_BY_OA: Final = ("text", "image", "gif", "list", "file", "sticker", "template")


def receipt(told: Told) -> Event:
    """Return that a message of the account reached its person.

    Sources differ on which side is `sender`: it is the account, unless only the other side is one that we know.
    """
    account, person = told.party("sender"), told.party("recipient")
    if account not in told.accounts and person in told.accounts:
        account, person = person, account
    return _about(told, EventKind.DELIVERED, told.account_id or account, person)


def _inbound(told: Told) -> list[Event]:
    if as_text(told.message.get("msg_id")) == _CONSOLE_TEST:
        return [told.event(EventKind.IGNORED)]
    said = _said(told, told.name.removeprefix("user_send_"))
    account = told.account_id or told.party("recipient")
    return [_about(told, EventKind.INBOUND, account, told.party("sender"), said)]


def _echo(told: Told) -> list[Event]:
    said = {**_said(told, told.name.removeprefix("oa_send_")), "by_person": "admin_id" in _sender(told)}
    account = told.account_id or told.party("sender")
    return [_about(told, EventKind.ECHO, account, told.party("recipient"), said)]


def _sender(told: Told) -> Mapping[str, Any]:
    # Both places are met: within the sender and beside it.
    return {**as_object(told.fields.get("sender")), **{key: 1 for key in told.fields if key == "admin_id"}}


def _seen(told: Told) -> list[Event]:
    account, person = told.account_id or told.party("recipient"), told.party("sender")
    ids = [as_text(one) for one in as_list(told.message.get("msg_ids"))] or [as_text(told.message.get("msg_id"))]
    return [
        Event(
            kind=EventKind.SEEN,
            name=told.name,
            key=hashlib.blake2b(f"{told.key}\n{one}".encode(), digest_size=16).hexdigest(),
            at=told.at,
            account_id=account,
            provider_message_id=one,
            person=person,
        )
        for one in ids
        if one
    ] or [told.event(EventKind.IGNORED)]


def _follow(told: Told) -> list[Event]:
    kind = EventKind.FOLLOWED if told.name == "follow" else EventKind.UNFOLLOWED
    data = {"source": as_text(told.fields.get("source")), "user_id_by_app": _by_app(told)}
    return [_about(told, kind, told.account_id, told.party("follower"), data)]


def _info(told: Told) -> list[Event]:
    info = as_object(told.fields.get("info"))
    texts = {name: as_text(value) for name, value in info.items() if as_text(value)}
    address = {name: as_text(value) for name, value in as_object(info.get("full_address")).items() if as_text(value)}
    account = told.account_id or told.party("recipient")
    data = {**texts, **({"full_address": address} if address else {})}
    return [_about(told, EventKind.PERSON_INFO, account, told.party("sender"), data)]


def _withdrawn(told: Told) -> list[Event]:
    account = told.account_id or told.party("recipient")
    return [_about(told, EventKind.WITHDRAWN, account, told.party("sender") or as_text(told.fields.get("user_id")))]


def _aside(told: Told) -> list[Event]:
    return [told.event(EventKind.IGNORED)]


def _said(told: Told, sort: str) -> dict[str, Any]:
    said: dict[str, Any] = {
        "type": sort,
        "text": as_text(told.message.get("text")),
        "attachments": [_attachment(as_object(one)) for one in as_list(told.message.get("attachments"))],
        "user_id_by_app": _by_app(told),
    }
    if quoted := as_text(told.message.get("quote_msg_id")):
        said["quoted"] = quoted
    return said


def _attachment(attachment: Mapping[str, Any]) -> dict[str, str]:
    """Return the attachment's `type` and the texts of its payload; a place's coordinates stand beside them."""
    payload = as_object(attachment.get("payload"))
    fields = {**payload, **as_object(payload.get("coordinates")), "type": attachment.get("type")}
    return {name: as_text(value) for name, value in fields.items() if as_text(value)}


def _by_app(told: Told) -> str:
    return as_text(told.fields.get("user_id_by_app"))


def _about(told: Told, kind: EventKind, account: str, person: str, data: Mapping[str, Any] | None = None) -> Event:
    return Event(
        kind=kind,
        name=told.name,
        key=told.key,
        at=told.at,
        account_id=account,
        provider_message_id=as_text(told.message.get("msg_id")),
        person=person,
        data=data or {},
    )


def read_again(body: bytes, received_at: datetime) -> tuple[str, list[Event]]:
    """Return the app that a chat's event was told to and what it says, of a body verified when it came in.

    No events for a body that is none of a chat. `received_at` is aware.
    """
    told = opened_again(body, received_at)
    read = CHAT_EVENTS.get(told.name) if told is not None else None
    return (told.app_id, read(told)) if told is not None and read is not None else ("", [])


CHAT_EVENTS: Final[Mapping[str, Callable[[Told], list[Event]]]] = {
    **{f"user_send_{sort}": _inbound for sort in _SENT_BY_USER},
    **{f"oa_send_{sort}": _echo for sort in _SENT_BY_OA},
    "user_seen_message": _seen,
    "follow": _follow,
    "unfollow": _follow,
    "user_submit_info": _info,
    "user_withdraw": _withdrawn,
    **dict.fromkeys(
        (
            "user_reacted_message",
            "oa_reacted_message",
            "user_click_chatnow",
            "add_user_to_tag",
            "remove_user_from_tag",
            "widget_interaction_accepted",
        ),
        _aside,
    ),
}
