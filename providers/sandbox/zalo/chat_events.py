"""Webhook events of an official account's chat and its people (zalo-zns-oa.md 6.3), unsigned."""

from collections.abc import Mapping
from typing import Any

from providers.sandbox.zalo.people import Person

SERVER = "OA OpenAPI"


def received(person: Person, message_id: str) -> dict[str, Any]:
    """Return that a message of the account reached the person; unlike a phone send's it tells no time of delivery."""
    return _by_account(person, "user_received_message", {"msg_id": message_id})


def echoed(person: Person, sort: str, message: Mapping[str, Any], message_id: str) -> dict[str, Any]:
    """Return the echo of what the account sent by the API."""
    return _by_account(person, f"oa_send_{sort}", {**message, "msg_id": message_id})


def seen(person: Person, message_ids: list[str]) -> dict[str, Any]:
    """Return that the person saw messages."""
    return _by_person(person, "user_seen_message", {"message": {"msg_ids": message_ids}})


def said(person: Person, sort: str, message: Mapping[str, Any], message_id: str) -> dict[str, Any]:
    """Return what the person wrote to the account."""
    return _by_person(person, f"user_send_{sort}", {"message": {**message, "msg_id": message_id}})


def submitted(person: Person, info: Mapping[str, str]) -> dict[str, Any]:
    """Return the details that the person gave when asked."""
    return _by_person(person, "user_submit_info", {"info": dict(info)})


def withdrawn(person: Person) -> dict[str, Any]:
    """Return that the person wants what the account knows of them to be gone; which fields it has no page shows."""
    return _by_person(person, "user_withdraw", {})


def followed(person: Person) -> dict[str, Any]:
    """Return that the person follows, or follows no more."""
    return {
        "oa_id": person.account,
        "follower": {"id": person.user_id},
        "user_id_by_app": person.by_app,
        "event_name": "follow" if person.follows else "unfollow",
        "source": "oa_profile",
    }


def _by_account(person: Person, name: str, message: Mapping[str, Any]) -> dict[str, Any]:
    parties = {"sender": {"id": person.account}, "recipient": {"id": person.user_id}}
    return {**parties, "user_id_by_app": person.by_app, "event_name": name, "message": message}


def _by_person(person: Person, name: str, rest: Mapping[str, Any]) -> dict[str, Any]:
    parties = {"sender": {"id": person.user_id}, "recipient": {"id": person.account}}
    return {**parties, "user_id_by_app": person.by_app, "event_name": name, **rest}
