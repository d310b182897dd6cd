"""Filters of the message list that keep its reading short, however many messages there are."""

from datetime import timedelta
from typing import Any, Final
from uuid import UUID

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from messaging.admin.readonly import newest
from messaging.ids import lowest_id
from messaging.models import Bulk
from messaging.states import State
from tenants import clock

# No index serves the state: it is looked for among so many of the newest that fit the other filters.
MOST_LOOKED_AT: Final = 10_000
PERIODS: Final = {
    "15m": (timedelta(minutes=15), _("Last 15 minutes")),
    "1h": (timedelta(hours=1), _("Last hour")),
    "1d": (timedelta(days=1), _("Last 24 hours")),
    "7d": (timedelta(days=7), _("Last 7 days")),
    "30d": (timedelta(days=30), _("Last 30 days")),
}


class AcceptedFilter(admin.SimpleListFilter):
    """When a message was accepted; bounds the ids, so that only the partitions of that time are read."""

    title = _("accepted")
    parameter_name = "accepted"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [(value, title) for value, (_, title) in PERIODS.items()]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        period = PERIODS.get(self.value() or "")
        if period is None:
            return queryset
        since = clock.now() - period[0]
        # The ids are made by the clocks of the web servers.
        return queryset.filter(pk__gte=lowest_id(since - timedelta(minutes=1)), accepted_at__gte=since)


class BulkFilter(admin.SimpleListFilter):
    """The messages of one bulk, as a link from its page asks for them."""

    title = _("bulk")
    parameter_name = "bulk"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        value = request.GET.get(self.parameter_name)
        return [(value, value)] if value else []

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        if not self.value():
            return queryset
        try:
            bulk = Bulk.objects.filter(pk=UUID(self.value())).first()
        except ValueError:
            bulk = None
        if bulk is None:
            return queryset.none()
        bounds = {"pk__gte": bulk.first_id, "pk__lte": bulk.last_id}
        return queryset.filter(tenant_id=bulk.tenant_id, bulk_id=bulk.pk, **bounds)


class StateFilter(admin.SimpleListFilter):
    """The state, among the newest messages; to be the last of the list's filters."""

    title = _("state")
    parameter_name = "state"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [(state.word, state.label) for state in State if state is not State.SENDING]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        wanted = {state.word: state for state in State}.get(self.value() or "")
        if wanted is None:
            return queryset
        return newest(queryset, MOST_LOOKED_AT).filter(state=wanted)
