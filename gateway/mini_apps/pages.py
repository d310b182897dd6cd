"""Pages on which the platform's operator manages Mini Apps with the partner's key; nobody else sees them."""

import json
from collections.abc import Callable
from functools import update_wrapper
from typing import Any, Concatenate, Final, ParamSpec

import structlog
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext

from gateway.mini_apps.forms import FORMS, ActionForm
from gateway.mini_apps.partner import PartnerNotSet, own_partner
from gateway.mini_apps.showing import masked, why
from providers.contract import Answer, Call
from providers.mini_app_partner.client import PartnerClient
from providers.mini_app_partner.making import MOST_LISTED
from tenants.admin.scoping import is_superuser

REVIEWABLE: Final = "TESTING"
PUBLISHABLE: Final = "READY_TO_PRODUCTION"
P = ParamSpec("P")
Page = Callable[Concatenate[HttpRequest, PartnerClient, P], HttpResponse]
Shown = Callable[Concatenate[HttpRequest, P], HttpResponse]
log = structlog.get_logger("audit")


def _for_the_platform(page: Page[P]) -> Shown[P]:
    """Show the page to superusers, with the partner's client; say what to set where there is none."""

    def shown(request: HttpRequest, /, *args: P.args, **named: P.kwargs) -> HttpResponse:
        if not is_superuser(request):
            raise PermissionDenied
        try:
            client, sandboxed = own_partner()
        except PartnerNotSet as error:
            return _page(request, "gateway/mini_apps.html", gettext("Mini Apps"), why=str(error))
        if sandboxed:
            messages.warning(request, gettext("No partner is set: these are Mini Apps of the sandbox."))
        return page(request, client, *args, **named)

    return update_wrapper(shown, page)


@_for_the_platform
def mini_apps(request: HttpRequest, client: PartnerClient) -> HttpResponse:
    """List the partner's Mini Apps, a page at a time."""
    given = request.GET.get("offset", "0")
    offset = int(given) if given.isdecimal() and len(given) < 7 else 0
    answer = client.run(client.calls.apps(offset))
    data = answer.data if answer.ok else {}
    following = offset + MOST_LISTED if offset + MOST_LISTED < int(data.get("total") or 0) else None
    rows = data.get("apps", [])
    told = "" if answer.ok else why(answer)
    return _page(request, "gateway/mini_apps.html", gettext("Mini Apps"), apps=rows, following=following, why=told)


@_for_the_platform
def mini_app(request: HttpRequest, client: PartnerClient, app_id: str) -> HttpResponse:
    """Show one Mini App: its versions, payment set-up and payment channels."""
    try:
        versions = client.run(client.calls.versions(app_id))
    except ValueError as error:
        raise Http404(str(error)) from None
    if not versions.ok:
        return _page(request, "gateway/mini_app.html", app_id, app_id=app_id, why=why(versions))
    return _page(
        request,
        "gateway/mini_app.html",
        gettext("Mini App %(id)s") % {"id": app_id},
        app_id=app_id,
        versions=versions.data.get("versions", []),
        reviewable=REVIEWABLE,
        publishable=PUBLISHABLE,
        setting=_told(client.run(client.payments.setting(app_id))),
        channels=_told(client.run(client.payments.channels(app_id))),
    )


@_for_the_platform
def mini_app_action(request: HttpRequest, client: PartnerClient, action: str, app_id: str = "") -> HttpResponse:
    """Ask what the action needs, and do it on a POST. What Zalo refuses is said on the form."""
    if action not in FORMS or (action == "create") == bool(app_id):
        raise Http404
    initial = {"versionId": request.GET.get("version", "")}
    form = FORMS[action](request.POST or None, request.FILES or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        call = _call(form, client, app_id)
        answer = client.run(call, _typed(form)) if call else None
        if answer is not None:
            log.info("mini_app.partner", by=request.user.get_username(), action=action, app=app_id, ok=answer.ok)
        if answer is not None and answer.ok:
            told = masked(answer.data)
            messages.success(request, f"{form.title}: {json.dumps(told, ensure_ascii=False)}" if told else form.title)
            app_id = app_id or str(told.get("appId", ""))
            return redirect("mini_app", app_id) if app_id else redirect("mini_apps")
        if answer is not None:
            form.add_error(None, why(answer))
    back = reverse("mini_app", args=[app_id]) if app_id else reverse("mini_apps")
    return _page(request, "gateway/mini_app_action.html", str(form.title), form=form, text=form.text, back=back)


def _call(form: ActionForm, client: PartnerClient, app_id: str) -> Call | None:
    """Return the call, None where a field is wrong, which the form then shows."""
    try:
        return form.call(client, app_id)
    except ValueError as error:
        field, _colon, told = str(error).partition(": ")
        form.add_error(field if field in form.fields else None, told or field)
        return None


def _typed(form: ActionForm) -> list[str]:
    """Return what a person typed: Zalo's wording must not echo a key."""
    return [value for name, value in form.cleaned_data.items() if name == "fields_json"]


def _told(answer: Answer) -> str:
    return json.dumps(masked(answer.data), ensure_ascii=False, indent=2) if answer.ok else why(answer)


def _page(request: HttpRequest, template: str, title: str, **more: Any) -> HttpResponse:
    context = admin.site.each_context(request) | {"title": title} | more
    form = more.get("form")
    return TemplateResponse(request, template, context | {"media": form.media if form else ""})
