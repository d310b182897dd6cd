"""The forms about persons: suppress one, change a mark, import a list, erase."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from unfold.widgets import (
    UnfoldAdminFileFieldWidget,
    UnfoldAdminSelectWidget,
    UnfoldAdminTextInputWidget,
    UnfoldBooleanSwitchWidget,
)

from messaging.models import RecipientMark
from messaging.phones import normalise
from tenants import clock
from tenants.admin.scoping import TenantScopedAdmin
from tenants.models import Tenant

LARGEST_FILE = 50 << 20


class PhoneField(forms.CharField):
    """A phone number, which becomes E.164 without the plus."""

    def __init__(self) -> None:
        super().__init__(
            label=_("phone number"),
            max_length=40,
            widget=UnfoldAdminTextInputWidget,
            help_text=_("0987..., 84987... or +84987..."),
        )

    def clean(self, value: Any) -> str:
        """Return the number. Raises ValidationError."""
        phone = normalise(super().clean(value))
        if phone is None:
            raise forms.ValidationError(gettext("This is not a phone number."))
        return phone


class MarkForm(forms.ModelForm):  # type: ignore[type-arg]
    """What may be changed of a mark that stands."""

    class Meta:
        model = RecipientMark
        fields = ("expires_at", "note")

    def clean_expires_at(self) -> Any:
        """Return until when it holds. Raises ValidationError for the past."""
        until = self.cleaned_data["expires_at"]
        if until is not None and until <= clock.now():
            raise forms.ValidationError(gettext("This lies in the past."))
        return until


class SuppressForm(MarkForm):
    """A person who wants no messages any more."""

    shown = ("tenant", "phone", "message_class", "channel_kind", "expires_at", "note")
    phone = PhoneField()

    class Meta:
        model = RecipientMark
        fields = ("tenant", "message_class", "channel_kind", "expires_at", "note")


class _OfTenant(forms.Form):
    """Names one of the tenants whose ids are given, of all where that is None."""

    tenant = forms.ModelChoiceField(Tenant.objects.none(), label=_("tenant"), widget=UnfoldAdminSelectWidget)

    def __init__(self, tenant_ids: Sequence[int] | None, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        field = self.fields["tenant"]
        assert isinstance(field, forms.ModelChoiceField)  # noqa: S101  declared above
        rows = Tenant.objects.order_by("name")
        field.queryset = rows if tenant_ids is None else rows.filter(pk__in=tenant_ids)
        if len(field.queryset) == 1:
            field.initial = field.queryset[0]


class ImportForm(_OfTenant):
    """A list of persons."""

    file = forms.FileField(label=_("CSV file"), widget=UnfoldAdminFileFieldWidget)

    def clean_file(self) -> Any:
        """Return the upload. Raises ValidationError for one that is too large."""
        file = self.cleaned_data["file"]
        if file.size > LARGEST_FILE:
            raise forms.ValidationError(gettext("The file has more than 50 MB; the command line takes larger ones."))
        return file


class EraseForm(_OfTenant):
    """Whom to erase, said twice."""

    phone = PhoneField()
    sure = forms.BooleanField(label=_("Yes, erase this person"), widget=UnfoldBooleanSwitchWidget)


def form_page(
    page: TenantScopedAdmin, request: HttpRequest, form: forms.Form, *, title: str, text: str, button: str, **more: Any
) -> HttpResponse:
    """Return a page of the list with a form; `more` goes into the template."""
    context = page.admin_site.each_context(request) | {
        "title": title,
        "text": text,
        "button": button,
        "form": form,
        "opts": page.opts,
        "media": page.media + form.media,
        **more,
    }
    return TemplateResponse(request, "messaging/recipients.html", context)
