"""NXCloud's reports: the address is the secret, and the answer is a word (nxcloud.md sections 4 and 6.3)."""

from django.http import HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from gateway.hooks.taking import take

TAKEN = b"success"


@csrf_exempt
@require_http_methods(["POST", "GET"])
def nxcloud(request: HttpRequest, token: str) -> HttpResponse:
    """Store a report about a Zalo message."""
    return take(request, "nxcloud", token, TAKEN)


@csrf_exempt
@require_http_methods(["POST", "GET"])
def nxcloud_sms(request: HttpRequest, token: str) -> HttpResponse:
    """Store a report about a text, which older accounts get in the query of the URL."""
    return take(request, "nxcloud_sms", token, TAKEN)
