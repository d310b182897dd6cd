"""People as official accounts know them: names hidden, found by number or user id, each with the conversation."""

from typing import Any, Final

from django import forms
from django.contrib import admin, messages
from django.db.models import F, Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import URLPattern, path
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from messaging.admin import conversation_page
from messaging.admin.readonly import ReadOnlyAdmin
from messaging.admin.recipient_forms import form_page
from messaging.admin.showing import moment
from messaging.chat.asking import ask_to_sync
from messaging.chat.profiles import person_key, profile_of
from messaging.models import Contact
from messaging.phones import normalise
from providers.oa.adapter import OA
from tenants import clock
from tenants.admin.decorators import button, display
from tenants.admin.scoping import OPERATORS, is_superuser, tenants_with
from tenants.data_keys import recipient_hash
from tenants.models import Channel, Tenant

LIST: Final = "admin:messaging_contact_changelist"
FOLLOWS: Final = Q(followed_at__isnull=False) & (Q(unfollowed_at=None) | Q(followed_at__gt=F("unfollowed_at")))
MOST_TENANTS: Final = 50


class FollowsFilter(admin.SimpleListFilter):
    """Whether the person follows the account."""

    title = _("follows")
    parameter_name = "follows"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [("yes", _("Follows")), ("no", _("Does not follow"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        if self.value() == "yes":
            return queryset.filter(FOLLOWS)
        return queryset.exclude(FOLLOWS) if self.value() == "no" else queryset


@admin.register(Contact)
class ContactAdmin(ReadOnlyAdmin):
    """Contacts, last heard of first; a contact's own page holds the conversation and answers it."""

    list_display = ("shown_name", "account", "shown_follows", "shown_window", "shown_last", "shown_touched", "tenant")
    list_filter = (FollowsFilter, "tenant")
    list_select_related = ("tenant", "account")
    ordering = ("-touched_at",)
    search_fields = ("id",)
    search_help_text = _("A whole phone number or user id")
    actions_list = ("sync_followers",)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        return super().get_queryset(request).select_related("tenant", "account")

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Any], search_term: str
    ) -> tuple[QuerySet[Any], bool]:
        text = search_term.strip()
        if not text:
            return queryset, False
        phone, found = normalise(text), Q(pk=None)
        tenants = list(Tenant.objects.values_list("pk", flat=True)) if is_superuser(request) else None
        for tenant_id in (tenants if tenants is not None else tenants_with(request, self.view_roles))[:MOST_TENANTS]:
            found |= Q(tenant_id=tenant_id, person_hash=recipient_hash(tenant_id, person_key(text)))
            if phone:
                found |= Q(tenant_id=tenant_id, phone_hash=recipient_hash(tenant_id, phone))
        return queryset.filter(found), False

    @display(description=_("name"))
    def shown_name(self, contact: Contact) -> str:
        profile = profile_of(contact)
        return conversation_page.initials(profile.name) if profile else gettext("erased")

    @display(description=_("follows"), label={"yes": "success", "no": "default"})
    def shown_follows(self, contact: Contact) -> tuple[str, str]:
        return ("yes", gettext("yes")) if contact.follows else ("no", gettext("no"))

    @display(description=_("can be answered"), label=conversation_page.COLOURS)
    def shown_window(self, contact: Contact) -> tuple[str, str]:
        return conversation_page.window_label(contact, clock.now())

    @display(description=_("last interaction"))
    def shown_last(self, contact: Contact) -> str:
        return moment(contact.last_interaction_at, conversation_page.zone_of(contact))

    @display(description=_("last heard or said"))
    def shown_touched(self, contact: Contact) -> str:
        return moment(contact.touched_at, conversation_page.zone_of(contact))

    def get_urls(self) -> list[URLPattern]:
        views = (("reveal", self.reveal), ("answer", self.answer), ("erase", self.erase))
        mine = [
            path(
                f"<int:object_id>/{name}/",
                self.admin_site.admin_view(require_POST(view)),
                name=f"messaging_contact_{name}",
            )
            for name, view in views
        ]
        urls: list[URLPattern] = super().get_urls()
        return [*mine, *urls]

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        row = self.get_object(request, object_id)
        if row is None:
            messages.warning(request, gettext("There is no such contact."))
            return redirect(LIST)
        return conversation_page.page(self, request, row)

    def reveal(self, request: HttpRequest, object_id: int) -> HttpResponse:
        """Show name and conversation in clear, which is noted."""
        return conversation_page.revealed(self, request, self.get_object(request, str(object_id)))

    def answer(self, request: HttpRequest, object_id: int) -> HttpResponse:
        """Send an answer over the engine."""
        return conversation_page.answered(self, request, self.get_object(request, str(object_id)))

    def erase(self, request: HttpRequest, object_id: int) -> HttpResponse:
        """Erase the person from everything stored."""
        return conversation_page.erased(self, request, self.get_object(request, str(object_id)))

    @button(description=_("Read the followers"), url_path="sync", permissions=["use"], icon="sync")
    def sync_followers(self, request: HttpRequest) -> HttpResponse:
        channels = Channel.objects.filter(kind=OA.kind).order_by("account_id", "pk").distinct("account_id")
        if not is_superuser(request):
            channels = channels.filter(tenant__in=tenants_with(request, OPERATORS))
        ids = list(channels.values_list("pk", flat=True))
        if request.method != "POST":
            text = gettext(
                "Each official account is asked for its followers; names and numbers they gave are kept here."
            )
            label = gettext("Read the followers")
            return form_page(self, request, forms.Form(), title=label, text=text, button=label)
        if not ids:
            messages.warning(request, gettext("There is no channel over the chat of an official account."))
        elif ask_to_sync(ids):
            messages.success(request, gettext("The followers are being read; they appear here page by page."))
        else:
            messages.error(request, gettext("No worker could be asked now; try again."))
        return redirect(LIST)
