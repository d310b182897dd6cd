from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _

from tenants.models.accounts import Account
from tenants.models.tenant import Tenant


class Channel(models.Model):
    """One configured sending path of a tenant over an account."""

    class Kind(models.TextChoices):
        ZNS = "zns", _("ZNS by phone number")

    class State(models.TextChoices):
        ACTIVE = "active", _("Active")
        STOPPED = "stopped", _("Stopped")

    tenant = models.ForeignKey(Tenant, models.CASCADE, related_name="channels", verbose_name=_("tenant"))
    name = models.SlugField(_("name"), help_text=_("Short name, unique in the tenant."))
    kind = models.CharField(_("kind"), max_length=16, choices=Kind)
    account = models.ForeignKey(Account, models.PROTECT, related_name="channels", verbose_name=_("account"))
    hash_phone = models.BooleanField(
        _("hash phone numbers"), default=False, help_text=_("Send the SHA-256 of the number instead of the number.")
    )
    state = models.CharField(_("state"), max_length=8, choices=State, default=State.ACTIVE, editable=False)
    stop_code = models.CharField(_("code"), max_length=32, blank=True, editable=False)
    stop_reason = models.TextField(_("reason"), blank=True, editable=False)
    stopped_at = models.DateTimeField(_("stopped"), null=True, editable=False)

    class Meta:
        verbose_name = _("channel")
        verbose_name_plural = _("channels")
        ordering = ["name"]
        constraints = [models.UniqueConstraint(fields=["tenant", "name"], name="one_channel_of_a_name")]

    def __str__(self) -> str:
        return self.name

    def clean(self) -> None:
        """Raise ValidationError unless the account is the tenant's own or lent to it."""
        if self.tenant_id and self.account_id and not self.account.may_be_used_by(self.tenant_id):
            raise ValidationError({"account": _("This account is neither the tenant's own nor lent to it.")})


class Route(models.Model):
    """A tenant's ordered list of channels."""

    tenant = models.ForeignKey(Tenant, models.CASCADE, related_name="routes", verbose_name=_("tenant"))
    name = models.SlugField(
        _("name"), help_text=_("Short name, unique in the tenant; `default` is taken when none is given.")
    )

    class Meta:
        verbose_name = _("route")
        verbose_name_plural = _("routes")
        ordering = ["name"]
        constraints = [models.UniqueConstraint(fields=["tenant", "name"], name="one_route_of_a_name")]

    def __str__(self) -> str:
        return self.name


class RouteStep(models.Model):
    """One step of a route."""

    route = models.ForeignKey(Route, models.CASCADE, related_name="steps", verbose_name=_("route"))
    position = models.PositiveSmallIntegerField(_("position"), default=1)
    channel = models.ForeignKey(Channel, models.PROTECT, related_name="steps", verbose_name=_("channel"))

    class Meta:
        verbose_name = _("step")
        verbose_name_plural = _("steps")
        ordering = ["position"]
        constraints = [models.UniqueConstraint(fields=["route", "position"], name="one_step_at_a_position")]

    def __str__(self) -> str:
        return f"{self.position}. {self.channel}"

    def clean(self) -> None:
        """Raise ValidationError unless the channel belongs to the route's tenant."""
        if self.channel_id and self.route.tenant_id and self.channel.tenant_id != self.route.tenant_id:
            raise ValidationError({"channel": _("This channel belongs to another tenant than the route.")})
