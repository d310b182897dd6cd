"""What the hooks of all accounts have in common: whose address it is, the check, the storing, the bell."""

from collections.abc import Callable, Sequence
from datetime import UTC, datetime

import structlog
from django.http import HttpRequest, HttpResponse

from messaging.dispatch.bell import ring_receipts
from messaging.receipts.store import store
from providers.contract import BadSignature, Context, Event, Hook
from providers.registry import provider
from tenants.hooks import HookOwner, account_owner

LARGEST = 2 * 1024 * 1024
log = structlog.get_logger(__name__)
Keep = Callable[[HookOwner, str, bytes, Sequence[Event]], None]


def keep_receipts(owner: HookOwner, kind: str, body: bytes, events: Sequence[Event]) -> None:
    """Store reports about messages and ring for them."""
    ring_receipts(store(owner.tenant_id, kind, body, events, account_id=owner.account_id))


def take(request: HttpRequest, kind: str, token: str, answer: bytes = b"", keep: Keep = keep_receipts) -> HttpResponse:
    """Let `keep` store what the provider of channels of `kind` reports; return 200 with the `answer` that it wants.

    404 for an unknown address, 403 for a report that proves nothing, 413 for one over two megabytes. Whatever is not
    answered with 200 is not kept.
    """
    owner = account_owner(kind, token)
    if owner is None:
        return HttpResponse(status=404)
    if int(request.headers.get("Content-Length") or 0) > LARGEST:
        return HttpResponse(status=413)
    hook = Hook(
        method=request.method or "POST",
        path=request.path,
        headers={name.lower(): value for name, value in request.headers.items()},
        body=request.body,
        query=request.GET.dict(),
    )
    try:
        events = provider(kind).read_events(hook, owner.secrets, Context(now=datetime.now(UTC)))
    except BadSignature as error:
        log.warning("hook.refused", source=kind, tenant=owner.tenant_id, reason=str(error))
        return HttpResponse(status=403)
    body = hook.body or request.META.get("QUERY_STRING", "").encode()
    keep(owner, kind, body, events)
    return HttpResponse(answer, content_type="text/plain")
