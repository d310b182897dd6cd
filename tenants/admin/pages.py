"""Pages between a button and what it does: they say what will happen, ask what is needed and wait for a POST."""

from typing import Any

from django import forms
from django.db.models import Model
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse

from tenants.admin.scoping import TenantScopedAdmin


def ask(
    page: TenantScopedAdmin,
    request: HttpRequest,
    row: Model,
    *,
    title: Any,
    text: Any,
    button: Any,
    form: forms.Form | None = None,
) -> HttpResponse:
    """Return the page that asks before a button of `row` does its work."""
    context = page.admin_site.each_context(request) | {
        "title": title,
        "text": text,
        "button": button,
        "form": form,
        "original": row,
        "opts": page.opts,
        "media": page.media + form.media if form else page.media,
    }
    return TemplateResponse(request, "tenants/ask.html", context)


def show_token(page: TenantScopedAdmin, request: HttpRequest, row: Model, token: str) -> HttpResponse:
    """Return the page that shows a new API key, which is kept nowhere: not in a message, a session or a log."""
    context = page.admin_site.each_context(request) | {
        "title": row._meta.verbose_name,
        "token": token,
        "original": row,
        "opts": page.opts,
    }
    response = TemplateResponse(request, "tenants/token.html", context)
    response.headers["Cache-Control"] = "no-store"
    return response
