"""What was uploaded to be sent later (zalo-zns-oa.md 7.3): it lives seven days."""

import secrets
from email.parser import BytesParser
from email.policy import HTTP

import msgspec

from providers.sandbox.exchange import Request
from providers.sandbox.state import Sandbox
from providers.sandbox.zalo.envelope import Refusal

WEEK_SECONDS = 7 * 86_400
KEPT_AT_MOST = 5_000
MIB = 1 << 20
# What each path takes: the largest size in bytes, the types, and the name under which it answers.
SORTS = {
    "image": (MIB, ("image/jpeg", "image/png"), "attachment_id"),
    "gif": (5 * MIB, ("image/gif",), "attachment_id"),
    "file": (
        5 * MIB,
        (
            "application/pdf",
            "application/msword",
            "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
            "text/csv",
        ),
        "token",
    ),
}


class Asset(msgspec.Struct, frozen=True, kw_only=True):
    """One upload; `at` in epoch seconds, `named` is attachment_id or token."""

    account: str
    named: str
    at: float


class Assets:
    """All uploads; they survive a restart."""

    def __init__(self, sandbox: Sandbox) -> None:
        self._sandbox = sandbox
        saved = sandbox.store.load("SELECT value FROM state WHERE name = 'assets'")
        self._assets = msgspec.json.decode(saved[0][0], type=dict[str, Asset]) if saved else {}

    def add(self, request: Request, account: str, sort: str) -> dict[str, str]:
        """Take the upload in and return the `data` of the answer. Raises Refusal."""
        largest, types, named = SORTS[sort]
        content_type, content = _uploaded(request)
        if content_type not in types or not content:
            raise Refusal(-201, "file is invalid!")
        if len(content) > largest:
            raise Refusal(-210, f"file exceeds the limit of {largest // MIB} MB")
        asset = secrets.token_urlsafe(30)
        self._assets[asset] = Asset(account=account, named=named, at=self._sandbox.now())
        if len(self._assets) > KEPT_AT_MOST:
            del self._assets[next(iter(self._assets))]
        self._sandbox.store.keep("assets", self._assets)
        return {named: asset}

    def check(self, account: str, asset: object, named: str, now: float) -> None:
        """Raise Refusal unless the account uploaded this within seven days."""
        found = self._assets.get(asset) if isinstance(asset, str) else None
        if found is None or found.account != account or found.named != named:
            raise Refusal(-201, f"{named} is invalid!")
        if now - found.at > WEEK_SECONDS:
            raise Refusal(-100, f"{named} is expired")


def _uploaded(request: Request) -> tuple[str, bytes]:
    """Return type and bytes of the form's field `file`; nothing where there is none."""
    head = f"Content-Type: {request.headers.get('content-type', '')}\r\n\r\n".encode()
    form = BytesParser(policy=HTTP).parsebytes(head + request.body)
    for part in form.iter_parts() if form.is_multipart() else ():
        if part.get_param("name", header="content-disposition") == "file":
            content = part.get_payload(decode=True)
            return part.get_content_type(), content if isinstance(content, bytes) else b""
    return "", b""
