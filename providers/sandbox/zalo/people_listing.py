"""People and messages as the official account's host lists them (zalo-zns-oa.md 7.3)."""

from datetime import datetime, timedelta, timezone
from typing import Any

from providers.sandbox.inbox import Received
from providers.sandbox.zalo.catalogue import Catalogue
from providers.sandbox.zalo.grants import Grants
from providers.sandbox.zalo.listing import credentials_of, sendable
from providers.sandbox.zalo.people import People, Person, user_id
from providers.sandbox.zalo.seeded_templates import OTP_TIMEOUT_MS
from providers.sandbox.zalo.seeds import FIRST_ACCOUNT, MAGIC, OFFICIAL_ACCOUNTS, SHARED_ACCOUNT, OfficialAccount

VIETNAM = timezone(timedelta(hours=7), "Asia/Ho_Chi_Minh")
AVATAR = "https://sandbox.example/avatar.png"


def person_detail(person: Person, now: float) -> dict[str, Any]:
    """Return a person as `/v3.0/oa/user/detail` answers."""
    interacted = datetime.fromtimestamp(now - person.silence(now), VIETNAM)
    shared = {"name": person.info.get("name", ""), "phone": person.info.get("phone", "")}
    return {
        "user_id": person.user_id,
        "user_id_by_app": person.by_app,
        "user_external_id": "",
        "display_name": person.name,
        "user_alias": "",
        "is_sensitive": False,
        "user_last_interaction_date": f"{interacted:%d/%m/%Y}",
        "user_is_follower": person.follows,
        "avatar": AVATAR,
        "avatars": {"120": AVATAR, "240": AVATAR},
        "tags_and_notes_info": {"notes": [], "tag_names": []},
        "shared_info": {**shared, "address": person.info.get("address", ""), "city": "", "district": ""},
    }


def chat_row(message: Received, account: OfficialAccount) -> dict[str, Any]:
    """Return a message as the lists of conversations have it; `src` 1 is the person."""
    inbound = message.content.inbound
    sides = (message.recipient, account.id) if inbound else (account.id, message.recipient)
    return {
        "src": 1 if inbound else 0,
        "time": int(message.sent_at * 1000),
        "type": message.content.sort,
        "message": message.content.text,
        "message_id": message.message_id,
        "from_id": sides[0],
        "to_id": sides[1],
        **({"url": message.content.url} if message.content.url else {}),
    }


def profile(account: OfficialAccount, people: People) -> dict[str, Any]:
    """Return the account as `/v2.0/oa/getoa` answers."""
    return {
        "oa_id": account.id,
        "name": account.name,
        "description": f"{account.name} (sandbox)",
        "oa_alias": "",
        "is_verified": True,
        "oa_type": 2,
        "cate_name": "Dịch vụ",
        "num_follower": sum(person.follows for person in people.listed(account)),
        "avatar": AVATAR,
        "cover": "https://sandbox.example/cover.png",
        "package_name": "Gói nâng cao",
        "package_valid_through_date": "31/12/2099",
        "package_auto_renew_date": "",
        "linked_zca": "ZCA-SANDBOX",
    }


def shown_people(grants: Grants, catalogue: Catalogue, people: People) -> dict[str, Any]:
    """Return what `GET /_/accounts` says of this host: who can be written to, and with what."""
    return {
        "credentials": credentials_of(FIRST_ACCOUNT, grants),
        "templates": _by_user_id(FIRST_ACCOUNT, catalogue),
        "magic": _magic(FIRST_ACCOUNT),
        "officialAccounts": [
            {
                "oaId": account.id,
                "name": account.name,
                "appId": account.app_id,
                "accessToken": grants.current(account).access_token,
                "templates": _by_user_id(account, catalogue),
                "magic": _magic(account),
                "followers": [person.user_id for person in people.listed(account) if person.follows],
            }
            for account in OFFICIAL_ACCOUNTS.values()
            if not account.shared
        ],
        "test": credentials_of(SHARED_ACCOUNT, grants),
    }


def _magic(account: OfficialAccount) -> dict[str, str]:
    return {user_id(account, phone): outcome for phone, outcome in MAGIC.items()}


def _by_user_id(account: OfficialAccount, catalogue: Catalogue) -> list[dict[str, Any]]:
    templates = catalogue.of(account)
    return [one for one in sendable(account, catalogue) if templates[one["id"]].timeout_ms != OTP_TIMEOUT_MS]
