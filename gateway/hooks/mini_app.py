"""A Mini App's webhook: consents that are withdrawn, versions that were reviewed (zalo-mini-app.md)."""

from collections.abc import Sequence

from django.http import HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from gateway.hooks.taking import take
from messaging.mini_apps.events import keep_events
from providers.contract import Event
from tenants.hooks import HookOwner


@csrf_exempt
@require_http_methods(["POST", "GET"])
def mini_app(request: HttpRequest, token: str) -> HttpResponse:
    """Store an event; Zalo looks by GET whether the address answers."""
    return HttpResponse(status=200) if request.method == "GET" else take(request, "mini_app", token, keep=_keep)


def _keep(owner: HookOwner, kind: str, body: bytes, events: Sequence[Event]) -> None:
    if owner.account_id is not None:
        keep_events(owner.tenant_id, owner.account_id, body, events)
