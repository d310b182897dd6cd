"""Persons not to send to: opt-outs and remembered refusals, found by number, shown masked."""

from typing import Any

from django.contrib import admin, messages
from django.contrib.admin import ShowFacets
from django.core.exceptions import PermissionDenied
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from messaging.admin import recipient_files
from messaging.admin.readonly import InfinitePaginator
from messaging.admin.recipient_forms import EraseForm, MarkForm, SuppressForm, form_page
from messaging.admin.sentences import reason
from messaging.admin.showing import moment
from messaging.content import mask_phone
from messaging.models import RecipientMark
from messaging.phones import normalise
from messaging.recipients.erasing import erase_person
from messaging.recipients.marks import Reach, hash_of, phone_of, suppress
from messaging.states import MessageClass
from tenants import clock
from tenants.admin.decorators import button, display
from tenants.admin.scoping import OPERATORS, OWNERS, TenantScopedAdmin, is_superuser, tenants_with
from tenants.kinds import channel_kinds
from tenants.models import Tenant

LIST = "admin:messaging_recipientmark_changelist"
MOST_TENANTS = 50


@admin.register(RecipientMark)
class RecipientMarkAdmin(TenantScopedAdmin):
    """Whom not to send to, why, how far and until when. Deleting a row lifts it."""

    paginator = InfinitePaginator
    show_full_result_count = False
    show_facets = ShowFacets.NEVER
    list_per_page = 50
    ordering = ("-pk",)
    add_roles = change_roles = delete_roles = OPERATORS
    list_display = ("shown_number", "kind", "shown_reason", "shown_reach", "shown_since", "shown_until", "tenant")
    list_filter = ("kind", "message_class", "channel_kind", "tenant")
    list_select_related = ("tenant", "account")
    search_fields = ("id",)
    search_help_text = _("A whole phone number")
    form = MarkForm
    facts = ("tenant", "shown_number", "kind", "shown_reason", "shown_reach", "shown_since")
    actions_list = ("import_file", "export_file", "erase")

    def get_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        return SuppressForm.shown if obj is None else (*self.facts, *MarkForm.Meta.fields)

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        return () if obj is None else self.facts

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **options: Any) -> Any:
        if obj is None:
            options |= {"form": SuppressForm, "fields": SuppressForm.Meta.fields}
        return super().get_form(request, obj, change=change, **options)

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Any], search_term: str
    ) -> tuple[QuerySet[Any], bool]:
        text = search_term.strip()
        if not text:
            return queryset, False
        phone, found = normalise(text), Q(pk=None)
        tenants = list(Tenant.objects.values_list("pk", flat=True)) if is_superuser(request) else None
        for tenant_id in (tenants if tenants is not None else tenants_with(request, self.view_roles))[:MOST_TENANTS]:
            if phone:
                found |= Q(tenant_id=tenant_id, recipient_hash=hash_of(tenant_id, phone))
        return queryset.filter(found), False

    def save_model(self, request: HttpRequest, obj: RecipientMark, form: Any, change: bool) -> None:
        if change:
            super().save_model(request, obj, form, change)
            return
        if not self.allows(request, obj, self.add_roles):
            raise PermissionDenied
        phone, reach = form.cleaned_data["phone"], Reach(obj.message_class, obj.channel_kind)
        suppress(obj.tenant_id, [phone], reach, note=obj.note, until=obj.expires_at)
        kept = RecipientMark.objects.get(
            tenant=obj.tenant_id, recipient_hash=hash_of(obj.tenant_id, phone), kind=RecipientMark.Kind.SUPPRESSION,
            message_class=reach.message_class, channel_kind=reach.channel_kind, account=None,
        )  # fmt: skip
        obj.__dict__.update(kept.__dict__)

    @display(description=_("recipient"))
    def shown_number(self, mark: RecipientMark) -> str:
        phone = phone_of(mark)
        return mask_phone(phone) if phone else gettext("erased")

    @display(description=_("reason"))
    def shown_reason(self, mark: RecipientMark) -> str:
        return f"{reason(mark.reason)} ({mark.code})" if mark.code else reason(mark.reason)

    @display(description=_("reach"))
    def shown_reach(self, mark: RecipientMark) -> str:
        parts = []
        if mark.message_class:
            parts.append(str(MessageClass(mark.message_class).label))
        if mark.channel_kind:
            parts.append(str(dict(channel_kinds()).get(mark.channel_kind, mark.channel_kind)))
        if mark.account is not None:
            parts.append(str(mark.account))
        return ", ".join(parts) or gettext("everything")

    @display(description=_("since"))
    def shown_since(self, mark: RecipientMark) -> str:
        return moment(mark.created_at, mark.tenant.time_zone)

    @display(description=_("until"))
    def shown_until(self, mark: RecipientMark) -> str:
        if mark.expires_at is None:
            return gettext("for good")
        until = moment(mark.expires_at, mark.tenant.time_zone)
        return gettext("over since %(at)s") % {"at": until} if mark.expires_at <= clock.now() else until

    def has_export_permission(self, request: HttpRequest) -> bool:
        """Return whether the user may see numbers of any tenant in clear."""
        return bool(recipient_files.revealing(request))

    def has_erase_permission(self, request: HttpRequest) -> bool:
        """Return whether the user may erase persons of any tenant."""
        return self.allows(request, None, OWNERS)

    @button(description=_("Import from CSV"), url_path="import", permissions=["add"], icon="upload_file")
    def import_file(self, request: HttpRequest) -> HttpResponse:
        return recipient_files.import_page(self, request)

    @button(description=_("Export as CSV (is noted)"), url_path="export", permissions=["export"], icon="download")
    def export_file(self, request: HttpRequest) -> HttpResponseBase:
        return recipient_files.exported(request)

    @button(description=_("Erase a person"), url_path="erase", permissions=["erase"], icon="person_remove")
    def erase(self, request: HttpRequest) -> HttpResponse:
        owned = None if is_superuser(request) else tenants_with(request, OWNERS)
        form = EraseForm(owned, request.POST or None)
        if form.is_valid():
            tenant, phone = form.cleaned_data["tenant"], form.cleaned_data["phone"]
            erased = erase_person(tenant.pk, phone, by=request.user.get_username())
            text = ngettext(
                "The person is erased from %(messages)d message; %(stopped)d had not left and was stopped.",
                "The person is erased from %(messages)d messages; %(stopped)d had not left and were stopped.",
                erased.messages,
            )
            messages.success(request, text % {"messages": erased.messages, "stopped": erased.stopped})
            return redirect(reverse(LIST))
        return form_page(
            self,
            request,
            form,
            title=gettext("Erase a person"),
            text=gettext(
                "What waits for the person is stopped, and number and content go from every stored message. "
                "Opt-outs stay, without the number. It cannot be undone."
            ),
            button=gettext("Erase for good"),
        )
