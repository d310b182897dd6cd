"""Filters of lists: by a related row they offer only those that the user may see."""

from typing import Any

from django.contrib import admin
from django.contrib.admin import FieldListFilter, RelatedFieldListFilter
from django.db.models import Model
from django.http import HttpRequest

from tenants.admin.scoping import EVERYBODY, TenantScopedAdmin, is_superuser, tenants_with
from tenants.models import Tenant


class VisibleRelatedFilter(RelatedFieldListFilter):
    """Takes the place of Django's filter by a related row in every list."""

    def field_choices(self, field: Any, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        """Return id and name of the rows to choose from."""
        found: list[tuple[str, Any]] = super().field_choices(field, request, model_admin)
        if is_superuser(request):
            return found
        visible = visible_ids(request, field.remote_field.model)
        return [choice for choice in found if choice[0] in visible]


def visible_ids(request: HttpRequest, model: type[Model]) -> set[Any]:
    """Return the ids of the rows of `model` that the user may see."""
    if model is Tenant:
        return set(tenants_with(request, EVERYBODY))
    page = admin.site._registry.get(model)
    return set(page.pickable(request).values_list("pk", flat=True)) if isinstance(page, TenantScopedAdmin) else set()


FieldListFilter.register(lambda field: bool(field.remote_field), VisibleRelatedFilter, take_priority=True)
