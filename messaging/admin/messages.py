from typing import Any

from django.contrib import admin, messages
from django.db.models import Exists, OuterRef, QuerySet, Subquery
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import URLPattern, path
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from messaging.admin import message_page
from messaging.admin.filters import AcceptedFilter, BulkFilter, StateFilter
from messaging.admin.readonly import ReadOnlyAdmin
from messaging.admin.search import search
from messaging.admin.sentences import reason
from messaging.admin.showing import LABELS, masked, moment, state_of
from messaging.models import Due, Message, Template
from messaging.states import Phase
from tenants.admin.decorators import display
from tenants.admin.scoping import is_superuser, tenants_with
from tenants.models import Tenant

UNDER_WAY = Due.objects.filter(message_id=OuterRef("pk"), phase=Phase.SENDING)
TEMPLATE_NAME = Template.objects.filter(pk=OuterRef("template_id")).values("name")[:1]


@admin.register(Message)
class MessageAdmin(ReadOnlyAdmin):
    """Messages, newest first; a message's own page tells its whole way."""

    list_display = (
        "shown_accepted",
        "shown_recipient",
        "shown_template",
        "message_class",
        "shown_state",
        "shown_reason",
        "shown_reference",
        "tenant",
    )
    list_display_links = ("shown_accepted", "shown_recipient")
    list_filter = ("message_class", "test", "tenant", AcceptedFilter, BulkFilter, StateFilter)
    search_fields = ("id",)
    search_help_text = _("A message id, your own id, a reference or a whole phone number")
    list_select_related = ("tenant",)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        rows: QuerySet[Any] = super().get_queryset(request)
        names = {"under_way": Exists(UNDER_WAY), "template_name": Subquery(TEMPLATE_NAME)}
        return rows.annotate(**names)  # type: ignore[no-any-return]

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Any], search_term: str
    ) -> tuple[QuerySet[Any], bool]:
        if not search_term.strip():
            return queryset, False
        chosen = request.GET.get("tenant__id__exact", "")
        ids = list(Tenant.objects.values_list("pk", flat=True)) if is_superuser(request) else None
        visible = tenants_with(request, self.view_roles) if ids is None else ids
        wanted = [tenant_id for tenant_id in visible if not chosen or str(tenant_id) == chosen]
        return search(queryset, search_term, wanted), False

    @display(description=_("accepted"))
    def shown_accepted(self, message: Message) -> str:
        return moment(message.accepted_at, message.tenant.time_zone)

    @display(description=_("recipient"))
    def shown_recipient(self, message: Message) -> str:
        return masked(message)

    @display(description=_("template"))
    def shown_template(self, message: Any) -> str:
        return message.template_name or "—"

    @display(description=_("state"), label=LABELS)
    def shown_state(self, message: Message) -> tuple[str, str]:
        state = state_of(message)
        return state.word, str(state.label)

    @display(description=_("reason"))
    def shown_reason(self, message: Message) -> str:
        return reason(message.reason) or "—"

    @display(description=_("reference"))
    def shown_reference(self, message: Message) -> str:
        return message.client_id or message.reference or "—"

    def get_urls(self) -> list[URLPattern]:
        mine = [
            path(f"<uuid:object_id>/{name}/", self.admin_site.admin_view(require_POST(view)), name=f"messaging_{name}")
            for name, view in (("reveal", self.reveal), ("cancel", self.cancel))
        ]
        urls: list[URLPattern] = super().get_urls()
        return [*mine, *urls]

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        row = self.get_object(request, object_id)
        if row is None:
            messages.warning(request, gettext("There is no such message."))
            return redirect("admin:messaging_message_changelist")
        return message_page.page(self, request, row)

    def reveal(self, request: HttpRequest, object_id: Any) -> HttpResponse:
        """Show number and content in clear, which leaves a line in the timeline."""
        return message_page.revealed(self, request, self.get_object(request, str(object_id)))

    def cancel(self, request: HttpRequest, object_id: Any) -> HttpResponse:
        """Take the message back if it has not left."""
        return message_page.cancelled(self, request, self.get_object(request, str(object_id)))
