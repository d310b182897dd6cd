"""Reports of every provider that names our account in the address it calls, in the manners that it declares."""

from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.views.decorators.csrf import csrf_exempt

from gateway.hooks.taking import take
from providers.registry import PROVIDERS


@csrf_exempt
def reports(request: HttpRequest, kind: str, token: str) -> HttpResponse:
    """Store what the provider of channels of `kind` reports; 404 for a kind that there is not."""
    known = PROVIDERS.get(kind)
    if known is None:
        return HttpResponse(status=404)
    manners = known.account.hook
    if request.method not in manners.methods:
        return HttpResponseNotAllowed(manners.methods)
    return take(request, kind, token, manners.answer)
