"""What the answers to questions about people and conversations mean (zalo-zns-oa.md section 7.3)."""

from typing import Any

from providers.contract import Question
from providers.zalo.envelope import Envelope
from providers.zalo.fields import as_bool, as_int, as_list, as_object, as_text, as_time
from providers.zalo.oa_quota import day
from providers.zalo.official_account import Unreadable


def followers(envelope: Envelope, question: Question) -> dict[str, Any]:
    """Return one page: the `ids` on it, the `total`, and the `next_offset`, None at the end.

    Zalo lists no further than offset 9,951.
    """
    data = envelope.fields
    ids = [as_text(as_object(user).get("user_id")) for user in as_list(data.get("users"))]
    ids = [user_id for user_id in ids if user_id]
    seen = (as_int(question.params.get("offset")) or 0) + len(ids)
    total = as_int(data.get("total"))
    total = seen if total is None else total
    return {"ids": ids, "total": total, "next_offset": seen if ids and seen < total else None}


def person(envelope: Envelope, question: Question) -> dict[str, Any]:
    """Return one person as the account sees them; `last_interaction_on` is a day in Viet Nam or None."""
    data = envelope.fields
    if not data:
        raise Unreadable("the answer holds no person")
    notes, shared = as_object(data.get("tags_and_notes_info")), as_object(data.get("shared_info"))
    return {
        "user_id": as_text(data.get("user_id")) or question.params.get("user_id", ""),
        "user_id_by_app": as_text(data.get("user_id_by_app")),
        "external_id": as_text(data.get("user_external_id")),
        "name": as_text(data.get("display_name")),
        "alias": as_text(data.get("user_alias")),
        "sensitive": as_bool(data.get("is_sensitive")),
        "follows": as_bool(data.get("user_is_follower")),
        "last_interaction_on": day(data.get("user_last_interaction_date")),
        "avatar": as_text(data.get("avatar")),
        "tags": [as_text(tag) for tag in as_list(notes.get("tag_names")) if as_text(tag)],
        "notes": [as_text(note) for note in as_list(notes.get("notes")) if as_text(note)],
        "shared": {name: as_text(value) for name, value in shared.items() if as_text(value)},
    }


def person_quota(envelope: Envelope, _: Question) -> dict[str, Any]:
    """Return when a person last interacted (aware, None where untold) and the numbers that Zalo may leave out."""
    data = envelope.fields
    reply, promotion = as_object(data.get("cs_reply")), as_object(data.get("promotion"))
    return {
        "last_interaction": as_time(data.get("last_interaction")),
        "reply": {"remaining": as_int(reply.get("remain")), "total": as_int(reply.get("total"))},
        "promotion": {
            "daily_remaining": as_int(promotion.get("daily_remain")),
            "daily": as_int(promotion.get("daily_total")),
            "monthly_remaining": as_int(promotion.get("monthly_remain")),
            "monthly": as_int(promotion.get("monthly_total")),
        },
    }


def messages(envelope: Envelope, _: Question) -> list[dict[str, Any]]:
    """Return messages of the chat, newest first as Zalo lists them; times are aware, None where unread."""
    return [
        {
            "message_id": as_text(entry.get("message_id")),
            "at": as_time(entry.get("time")),
            "inbound": as_int(entry.get("src")) == 1,
            "person": as_text(entry.get("from_id" if as_int(entry.get("src")) == 1 else "to_id")),
            "type": as_text(entry.get("type")),
            "text": as_text(entry.get("message")),
            "url": as_text(entry.get("url")),
        }
        for entry in map(as_object, as_list(envelope.data))
    ]


def upload(envelope: Envelope, _: Question) -> dict[str, str]:
    """Return the name under which what was uploaded can be sent: an `attachment_id`, of a file a `token`."""
    data = envelope.fields
    found = {name: as_text(data.get(name)) for name in ("attachment_id", "token")}
    if not any(found.values()):
        raise Unreadable("the answer names nothing that can be sent")
    return {name: value for name, value in found.items() if value}
