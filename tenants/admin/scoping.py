"""What people see and may do in the admin: the rows of their tenants, by their role there. Superusers see all."""

from collections.abc import Mapping
from typing import Any, Final

from django.core.exceptions import PermissionDenied
from django.db.models import Model, QuerySet
from django.http import HttpRequest
from unfold.admin import ModelAdmin, StackedInline, TabularInline

from tenants.models import Member, Tenant

Role = Member.Role
EVERYBODY: Final = frozenset(Role)
OPERATORS: Final = frozenset({Role.OWNER, Role.OPERATOR})
OWNERS: Final = frozenset({Role.OWNER})


def is_superuser(request: HttpRequest) -> bool:
    """Return whether the platform's operator asks."""
    return bool(request.user.is_active and request.user.is_superuser)


def roles(request: HttpRequest) -> Mapping[int, str]:
    """Return tenant id -> the user's role there, read once a request; empty for whoever is no active staff."""
    known: dict[int, str] | None = getattr(request, "_tenant_roles", None)
    if known is None:
        user, known = request.user, {}
        if user.is_active and user.is_staff:
            known = dict(Member.objects.filter(user=user.pk).values_list("tenant_id", "role"))
        request._tenant_roles = known  # type: ignore[attr-defined]
    return known


def tenants_with(request: HttpRequest, allowed: frozenset[str]) -> list[int]:
    """Return the ids of the tenants in which the user has one of the `allowed` roles."""
    return [tenant_id for tenant_id, role in roles(request).items() if role in allowed]


def may_reveal(request: HttpRequest, tenant_id: int | None) -> bool:
    """Return whether the user may see phone numbers and contents of the tenant in clear."""
    if is_superuser(request):
        return True
    return Member.objects.filter(user=request.user.pk, tenant=tenant_id, may_reveal=True).exists()


class _Scoped:
    """Shared by pages and inlines. `tenant_path` leads from a row to its tenant, `""` for the tenant itself."""

    model: type[Model]
    tenant_path = "tenant"
    view_roles = EVERYBODY
    use_roles = OPERATORS
    change_roles = OWNERS
    add_roles = OWNERS
    delete_roles = OWNERS

    def tenant_id_of(self, row: Any) -> int | None:
        """Return the id of the tenant a row belongs to, None for the platform's."""
        if not self.tenant_path:
            return row.pk if isinstance(row, Tenant) else None
        *steps, last = self.tenant_path.split("__")
        for step in steps:
            row = getattr(row, step, None)
        return getattr(row, f"{last}_id", None)

    def allows(self, request: HttpRequest, row: Model | None, allowed: frozenset[str]) -> bool:
        """Return whether the user has one of the roles in the row's tenant, or in any tenant without a row."""
        if is_superuser(request):
            return True
        tenants = tenants_with(request, allowed)
        return bool(tenants) if row is None else self.tenant_id_of(row) in tenants

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self.allows(request, obj, self.view_roles)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self.allows(request, obj, self.change_roles)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self.allows(request, obj, self.delete_roles)

    def choices(self, request: HttpRequest, model: type[Model]) -> QuerySet[Any] | None:
        """Return the rows of `model` that the user may pick, None for all of them."""
        if is_superuser(request):
            return None
        if model is Tenant:
            return Tenant.objects.filter(pk__in=tenants_with(request, self.add_roles | self.change_roles))
        page = self.admin_site._registry.get(model)  # type: ignore[attr-defined]
        if isinstance(page, TenantScopedAdmin):
            return page.pickable(request)
        return model._default_manager.none()

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **options: Any) -> Any:
        rows = self.choices(request, db_field.remote_field.model)
        if rows is not None:
            options["queryset"] = rows
            if db_field.remote_field.model is Tenant and len(rows) == 1:
                options["initial"] = rows[0].pk
        return super().formfield_for_foreignkey(db_field, request, **options)  # type: ignore[misc]

    def formfield_for_manytomany(self, db_field: Any, request: HttpRequest, **options: Any) -> Any:
        rows = self.choices(request, db_field.remote_field.model)
        if rows is not None:
            options["queryset"] = rows
        return super().formfield_for_manytomany(db_field, request, **options)  # type: ignore[misc]


class TenantScopedAdmin(_Scoped, ModelAdmin):  # type: ignore[misc]
    """A page of rows that belong to tenants: staff see and touch only theirs, as far as their role goes.

    A row of another tenant does not exist for them, by whatever address. Saving writes only the changed columns.
    """

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        rows: QuerySet[Any] = super().get_queryset(request)
        if is_superuser(request):
            return rows
        path = f"{self.tenant_path}__in" if self.tenant_path else "pk__in"
        return rows.filter(**{path: tenants_with(request, self.view_roles)})

    def pickable(self, request: HttpRequest) -> QuerySet[Any]:
        """Return the rows that the user may name in other rows."""
        return self.get_queryset(request)

    def has_module_permission(self, request: HttpRequest) -> bool:
        return self.has_view_permission(request)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return self.allows(request, None, self.add_roles)

    def has_use_permission(self, request: HttpRequest, row: Any = None) -> bool:
        """Return whether the user may press the buttons of a row, which is given itself or by its id."""
        if row is not None and not isinstance(row, Model):
            row = self.get_object(request, str(row))
            if row is None:
                return False
        return self.allows(request, row, self.use_roles)

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        fields = tuple(super().get_readonly_fields(request, obj))
        # What is sealed is bound to its tenant: a row never moves to another one.
        return (*fields, "tenant") if obj is not None and self.tenant_path == "tenant" else fields

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        if not self.allows(request, obj, self.change_roles if change else self.add_roles):
            raise PermissionDenied
        if not change:
            obj.save(force_insert=True)
            return
        columns = {field.name for field in obj._meta.concrete_fields}
        obj.save(update_fields=[*columns.intersection(form.changed_data), *getattr(form, "written_columns", ())])


class _ScopedInline(_Scoped):
    """Rows shown within a parent: the roles in the parent's tenant decide. `tenant_path` leads on from the parent."""

    extra = 0

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self.allows(request, obj, self.add_roles)


class TenantScopedInline(_ScopedInline, TabularInline):  # type: ignore[misc]
    """Rows of few fields, one a line."""


class TenantScopedStack(_ScopedInline, StackedInline):  # type: ignore[misc]
    """Rows of many fields, one below the other."""
