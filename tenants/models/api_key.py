from ipaddress import ip_network

from django.contrib.postgres.fields import ArrayField
from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _

from tenants.models.tenant import Tenant


def validate_network(value: str) -> None:
    """Raise ValidationError unless `value` is an IPv4 or IPv6 address or network."""
    try:
        ip_network(value.strip(), strict=False)
    except ValueError:
        raise ValidationError(
            _("%(value)s is no address or network; an example is 203.0.113.0/24."), params={"value": value}
        ) from None


class ApiKey(models.Model):
    """What a client application signs in with: shown once, stored as a hash, found by its prefix."""

    class Mode(models.TextChoices):
        LIVE = "live", _("Live")
        TEST = "test", _("Test (always goes to the sandbox)")

    class Scope(models.TextChoices):
        SEND = "messages:send", _("Send and cancel messages")
        READ = "messages:read", _("Read messages")
        REVEAL = "messages:reveal", _("See phone numbers and contents in clear")
        TEMPLATES_READ = "templates:read", _("Read templates")
        TEMPLATES_SYNC = "templates:sync", _("Sync templates with the provider")
        QUOTA = "quota:read", _("Read quotas")
        SUPPRESSIONS_READ = "suppressions:read", _("Read opt-outs and remembered refusals")
        SUPPRESSIONS_WRITE = "suppressions:write", _("Add and lift opt-outs, forget refusals")
        ERASE = "recipients:erase", _("Erase a person for good")

    tenant = models.ForeignKey(Tenant, models.CASCADE, related_name="api_keys", verbose_name=_("tenant"))
    name = models.CharField(_("name"), max_length=100, help_text=_("Which application uses it."))
    prefix = models.CharField(_("prefix"), max_length=16, unique=True, editable=False)
    digest = models.BinaryField(editable=False)
    mode = models.CharField(_("mode"), max_length=4, choices=Mode, default=Mode.LIVE)
    scopes = ArrayField(
        models.CharField(max_length=32, choices=Scope), verbose_name=_("scopes"), default=list, blank=True
    )
    allowed_networks = ArrayField(
        models.CharField(max_length=43, validators=[validate_network]),
        verbose_name=_("allowed networks"),
        default=list,
        blank=True,
        help_text=_("Addresses or networks such as 203.0.113.0/24; empty allows every address."),
    )
    rate_limit = models.PositiveIntegerField(
        _("calls a minute"),
        null=True,
        blank=True,
        help_text=_("Calls a minute this key may make; empty sets no limit."),
    )
    expires_at = models.DateTimeField(_("expires"), null=True, blank=True)
    last_used_at = models.DateTimeField(_("last used"), null=True, editable=False)
    revoked_at = models.DateTimeField(_("revoked"), null=True, blank=True, editable=False)
    created_at = models.DateTimeField(_("created"), auto_now_add=True)

    class Meta:
        verbose_name = _("API key")
        verbose_name_plural = _("API keys")
        ordering = ["-created_at"]

    def __str__(self) -> str:
        return f"{self.name} ({self.prefix}…)"
