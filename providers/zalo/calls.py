"""What every call to Zalo's API hosts shares: its headers, and how sends by user id are written."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any, Final

import msgspec

from providers.contract import Call, Context, Headers, Outbound
from providers.zalo.hosts import OA_HOST
from providers.zalo.signature import appsecret_proof

JSON: Final = ("Content-Type", "application/json")
_encode = msgspec.json.Encoder().encode


def auth_headers(credentials: Mapping[str, str]) -> Headers:
    """Return the headers of a call: the bare token, and the proof where asked (zalo-zns-oa.md section 2)."""
    token = credentials.get("access_token", "")
    if credentials.get("prove") != "1":
        return (("access_token", token),)
    return ("access_token", token), ("appsecret_proof", appsecret_proof(token, credentials.get("app_secret", "")))


def sends_by_user_id(
    path: str,
    messages: Iterable[Outbound],
    body: Callable[[Outbound], Mapping[str, Any]],
    credentials: Mapping[str, str],
    context: Context,
) -> list[Call]:
    """Return one call a message to `path` of the Official Account host, with what `body` makes of it as JSON."""
    url = context.url(OA_HOST, path)
    headers = (*auth_headers(credentials), JSON)
    return [
        Call(
            method="POST",
            url=url,
            headers=headers,
            body=_encode(body(message)),
            legs=(message.leg_id,),
            timeout=context.timeout,
        )
        for message in messages
    ]
