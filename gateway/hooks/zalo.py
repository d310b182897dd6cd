"""Zalo's webhook: one address an app (zalo-zns-oa.md section 6.1)."""

from datetime import UTC, datetime

import structlog
from django.http import HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from messaging.dispatch.bell import ring_receipts
from messaging.receipts.notices import apply_notices
from messaging.receipts.store import store
from providers.contract import BadSignature, Context, Hook
from providers.registry import provider
from tenants.hooks import hook_owner

LARGEST = 256 * 1024
log = structlog.get_logger(__name__)


@csrf_exempt
@require_POST
def zalo(request: HttpRequest, token: str) -> HttpResponse:
    """Store what a Zalo app reports and answer 200; 404 for an unknown address, 403 for a wrong signature.

    Anything but 200 makes Zalo repeat the event, so it is answered only where the event was kept for good.
    """
    owner = hook_owner(token)
    if owner is None:
        return HttpResponse(status=404)
    if int(request.headers.get("Content-Length") or 0) > LARGEST:
        return HttpResponse(status=413)
    hook = Hook(
        method="POST",
        path=request.path,
        headers={name.lower(): value for name, value in request.headers.items()},
        body=request.body,
    )
    try:
        events = provider("zns").read_events(hook, owner.secrets, Context(now=datetime.now(UTC)))
    except BadSignature as error:
        log.warning("hook.refused", source="zalo", tenant=owner.tenant_id, reason=str(error))
        return HttpResponse(status=403)
    classes = store(owner.tenant_id, "zalo", hook.body, events)
    apply_notices(events)
    ring_receipts(classes)
    return HttpResponse(status=200)
