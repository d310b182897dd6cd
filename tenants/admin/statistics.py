"""The page of a Mini App's statistics: what to ask for, and what Zalo told."""

import json
from datetime import date, timedelta
from typing import Any, Final

from django import forms
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from unfold.widgets import UnfoldAdminSelectWidget, UnfoldAdminSingleDateWidget, UnfoldAdminTextInputWidget

from providers.contract import Answer
from providers.mini_app.stats import TYPES, VIETNAM
from tenants import clock
from tenants.admin.scoping import TenantScopedAdmin
from tenants.mini_app_statistics import statistics
from tenants.models import ProviderAccount

_FILTERS: Final = ("utm_source", "utm_campaign", "os")


class StatisticsForm(forms.Form):
    """What to ask for; days are those of Viet Nam."""

    type = forms.ChoiceField(
        label=_("Type"), choices=[(name, name) for name in sorted(TYPES)], widget=UnfoldAdminSelectWidget
    )
    first_day = forms.DateField(label=_("First day"), widget=UnfoldAdminSingleDateWidget)
    last_day = forms.DateField(
        label=_("Last day"), help_text=_("Included; at most 90 days in all."), widget=UnfoldAdminSingleDateWidget
    )
    utm_source = forms.CharField(label="utm_source", required=False, widget=UnfoldAdminTextInputWidget)
    utm_campaign = forms.CharField(label="utm_campaign", required=False, widget=UnfoldAdminTextInputWidget)
    os = forms.CharField(label="os", required=False, widget=UnfoldAdminTextInputWidget)

    def asked(self, held: ProviderAccount) -> Answer | None:
        """Ask Zalo; return its answer, None where a field was found wrong, which the form then shows."""
        days = {name: self.cleaned_data[name].isoformat() for name in ("first_day", "last_day")}
        params = {"type": self.cleaned_data["type"], **days, **{name: self.cleaned_data[name] for name in _FILTERS}}
        try:
            return statistics(held, params)
        except ValueError as error:
            field, _colon, why = str(error).partition(": ")
            self.add_error(field if field in self.fields else None, why)
            return None


def show_statistics(page: TenantScopedAdmin, request: HttpRequest, held: ProviderAccount) -> HttpResponse:
    """Return the page with its form, and the answer where one was asked for."""
    form = StatisticsForm(request.POST or None, initial=_last_week())
    answer = form.asked(held) if request.method == "POST" and form.is_valid() else None
    context: dict[str, Any] = page.admin_site.each_context(request) | {
        "title": gettext("Statistics of %(account)s") % {"account": held},
        "form": form,
        "told": json.dumps(answer.data, ensure_ascii=False, indent=2) if answer and answer.ok else "",
        "why": "" if answer is None or answer.ok else answer.reason,
        "original": held,
        "opts": page.opts,
        "media": page.media + form.media,
    }
    return TemplateResponse(request, "tenants/statistics.html", context)


def _last_week() -> dict[str, date]:
    yesterday = clock.now().astimezone(VIETNAM).date() - timedelta(days=1)
    return {"first_day": yesterday - timedelta(days=6), "last_day": yesterday}
