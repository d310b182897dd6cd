from typing import Any

from django import forms
from django.contrib import admin
from django.contrib.auth.admin import GroupAdmin as BaseGroupAdmin
from django.contrib.auth.admin import UserAdmin as BaseUserAdmin
from django.contrib.auth.models import Group, User
from django.db.models import Model, QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from unfold.admin import ModelAdmin
from unfold.forms import AdminPasswordChangeForm, UserChangeForm, UserCreationForm

from tenants.admin.scoping import (
    EVERYBODY,
    OWNERS,
    TenantScopedAdmin,
    TenantScopedInline,
    is_superuser,
    tenants_with,
)
from tenants.models import Member, Tenant

admin.site.unregister(User)
admin.site.unregister(Group)


@admin.register(User)
class UserAdmin(BaseUserAdmin, ModelAdmin):  # type: ignore[misc,type-arg]
    """Sign-ins; the platform's operator alone makes them."""

    form = UserChangeForm
    add_form = UserCreationForm
    change_password_form = AdminPasswordChangeForm


@admin.register(Group)
class GroupAdmin(BaseGroupAdmin, ModelAdmin):  # type: ignore[misc]
    """Django's groups, for the platform's own staff."""


def known_users(request: HttpRequest) -> QuerySet[User]:
    """Return the users an owner may make members: those of the tenants they own."""
    return User.objects.filter(memberships__tenant__in=tenants_with(request, OWNERS)).distinct()


class TenantForm(forms.ModelForm):  # type: ignore[type-arg]
    """A tenant whose quiet hours have both ends or none."""

    def clean(self) -> dict[str, Any]:
        """Refuse quiet hours with one end, or of no length."""
        given: dict[str, Any] = super().clean() or {}
        begins, ends = given.get("quiet_from"), given.get("quiet_until")
        if (begins is None) != (ends is None) and not self.errors:
            self.add_error("quiet_until", gettext("Give both ends of the quiet hours, or neither."))
        elif begins is not None and begins == ends:
            self.add_error("quiet_until", gettext("The quiet hours end when they begin; leave both empty for none."))
        return given


class MemberInline(TenantScopedInline):
    """A tenant's people on the tenant's page."""

    model = Member
    tenant_path = ""
    view_roles = EVERYBODY
    fields = ("user", "role", "may_reveal")

    def choices(self, request: HttpRequest, model: type[Model]) -> QuerySet[Any] | None:
        if model is User and not is_superuser(request):
            return known_users(request)
        return super().choices(request, model)


@admin.register(Tenant)
class TenantAdmin(TenantScopedAdmin):
    """Customers of the platform; an owner sees to their own, the platform's operator makes and removes them."""

    tenant_path = ""
    add_roles = frozenset()
    delete_roles = frozenset()
    list_display = ("name", "slug", "time_zone", "is_active", "created_at")
    list_filter = ("is_active",)
    search_fields = ("name", "slug")
    form = TenantForm
    fieldsets = (
        (None, {"fields": ("slug", "name", "time_zone", "is_active")}),
        (
            _("Quiet hours"),
            {
                "fields": ("quiet_from", "quiet_until", "quiet_for_otp"),
                "description": _("Messages that come due in them wait until they end."),
            },
        ),
        (
            _("Promotions"),
            {
                "fields": ("promotions_a_day", "promotions_a_month"),
                "description": _("A promotion above a cap waits for the next day or month, as long as it is valid."),
            },
        ),
        (_("Lost answers"), {"fields": ("when_unknown",)}),
    )
    inlines = (MemberInline,)

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        kept = () if obj is None else ("slug",)
        return kept if is_superuser(request) else (*kept, "is_active")


@admin.register(Member)
class MemberAdmin(TenantScopedAdmin):
    """Who has which role in a tenant."""

    list_display = ("user", "tenant", "role", "may_reveal")
    list_filter = ("role", "may_reveal", "tenant")
    search_fields = ("user__username", "user__email", "tenant__name")
    list_select_related = ("user", "tenant")

    def choices(self, request: HttpRequest, model: type[Model]) -> QuerySet[Any] | None:
        if model is User and not is_superuser(request):
            return known_users(request)
        return super().choices(request, model)
