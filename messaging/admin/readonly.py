"""Pages of rows that only the engine writes."""

from typing import Any, Final

from django.contrib.admin import ShowFacets
from django.core.paginator import EmptyPage
from django.db.models import QuerySet
from django.http import HttpRequest
from unfold import paginator

from tenants.admin.scoping import TenantScopedAdmin

MOST_PAGES: Final = 100


class InfinitePaginator(paginator.InfinitePaginator):  # type: ignore[misc]  # the theme has no types
    """Pages that are never counted; the first hundred only, for a page costs as much as all before it.

    The theme leaves the number of results out where the class has this name.
    """

    def validate_number(self, number: Any) -> int:
        """Return the number of a page. Raises EmptyPage beyond the last one that is served."""
        page = int(super().validate_number(number))
        if page > MOST_PAGES:
            raise EmptyPage
        return page


class ReadOnlyAdmin(TenantScopedAdmin):
    """Nothing is added, changed or deleted here; the table is never counted, its pages are newest first."""

    paginator = InfinitePaginator
    show_full_result_count = False
    show_facets = ShowFacets.NEVER
    list_per_page = 50
    list_max_show_all = 50
    ordering = ("-pk",)
    sortable_by = ()
    actions = None

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


def newest(rows: QuerySet[Any], most: int) -> QuerySet[Any]:
    """Return `rows` narrowed to its `most` newest: what no index serves then looks at no more than that."""
    return rows.filter(pk__in=rows.order_by("-pk").values("pk")[:most])
