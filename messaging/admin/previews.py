"""The page that tells which way a message would go, and why."""

from collections.abc import Mapping
from typing import Any, Final

from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from messaging.admin.sentences import reason
from messaging.admin.showing import moment
from messaging.admin.test_send import TestSendForm
from messaging.models import Template
from messaging.preview.preview import Way
from messaging.preview.steps import StepView
from tenants.admin.scoping import TenantScopedAdmin
from tenants.admin.texts import shown_parts

FATES: Final[Mapping[str, tuple[Any, str]]] = {
    "sends": (_("It is sent."), "success"),
    "waits": (_("It waits."), "warning"),
    "goesOn": (_("It is passed over."), "info"),
    "rejected": (_("It is rejected."), "danger"),
    "expires": (_("Its turn comes after its validity has ended."), "danger"),
    "standby": (_("It stands by."), "default"),
}


def preview_page(page: TenantScopedAdmin, request: HttpRequest, template: Template) -> HttpResponse:
    """Ask for a recipient and values; then show the way, step by step. Nothing is stored."""
    form = TestSendForm(template, request.POST or None)
    way = form.look() if form.is_valid() else None
    context = page.admin_site.each_context(request) | {
        "title": gettext("Where would this go?"),
        "form": form,
        "original": template,
        "opts": page.opts,
        "media": page.media + form.media,
        "way": _whole(way, template.tenant.time_zone) if way else None,
    }
    return TemplateResponse(request, "messaging/preview.html", context)


def _whole(way: Way, zone: str) -> dict[str, Any]:
    text, colour = FATES[way.fate]
    return {
        "text": text,
        "colour": colour,
        "reason": reason(way.reason),
        "at": moment(way.at, zone) if way.at else "",
        "expires": moment(way.expires_at, zone),
        "cost": f"{way.cost:f} VND" if way.cost is not None else "—",
        "steps": [_step(view, zone) for view in way.steps],
    }


def _step(view: StepView, zone: str) -> dict[str, Any]:
    text, colour = FATES[view.fate.value]
    return {
        "channel": view.channel,
        "text": text,
        "colour": colour,
        "reason": reason(view.reason) or "—",
        "at": moment(view.at, zone),
        "sms": shown_parts(view.sms) if view.sms else "",
        "price": f"{view.price:f} VND" if view.price is not None else "—",
    }
