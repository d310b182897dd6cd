"""Infobip's reports: many a push (infobip.md section 4)."""

from django.http import HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from gateway.hooks.taking import take


@csrf_exempt
@require_POST
def infobip(request: HttpRequest, token: str) -> HttpResponse:
    """Store reports about Zalo messages."""
    return take(request, "infobip", token)


@csrf_exempt
@require_POST
def infobip_sms(request: HttpRequest, token: str) -> HttpResponse:
    """Store reports about texts."""
    return take(request, "infobip_sms", token)
