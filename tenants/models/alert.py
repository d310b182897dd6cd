from typing import Any

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from tenants.models.tenant import Tenant


class Alert(models.Model):
    """Something that people must know: open until it is over; one open row a `key`.

    `about` names the channel, template or account; `detail` holds the numbers of the title; `body` tells the reason and
    what to do. `mailed_at` is when the tenant's people were written to.
    """

    class Kind(models.TextChoices):
        CHANNEL_STOPPED = "channel_stopped", _("A channel is stopped")
        TEMPLATE_STOPPED = "template_stopped", _("A template is stopped")
        QUOTA = "quota", _("A quota is nearly or wholly used")
        PROVIDER_QUOTA = "provider_quota", _("The provider's quota is used")
        BULK_HALTED = "bulk_halted", _("A bulk has paused itself")

    class Level(models.TextChoices):
        WARNING = "warning", _("Warning")
        ERROR = "error", _("Error")

    tenant = models.ForeignKey(Tenant, models.CASCADE, null=True, related_name="alerts", verbose_name=_("tenant"))
    kind = models.CharField(_("kind"), max_length=24, choices=Kind)
    key = models.CharField(max_length=100)
    level = models.CharField(_("level"), max_length=8, choices=Level)
    about = models.CharField(_("about"), max_length=200)
    detail: Any = models.JSONField(default=dict)
    body = models.TextField(_("what to do"), blank=True)
    created_at = models.DateTimeField(_("since"))
    mailed_at = models.DateTimeField(_("mailed"), null=True)
    ended_at = models.DateTimeField(_("ended"), null=True)

    class Meta:
        verbose_name = _("alert")
        verbose_name_plural = _("alerts")
        ordering = ["-created_at"]
        constraints = [models.UniqueConstraint(fields=["key"], condition=Q(ended_at=None), name="one_open_alert_a_key")]
        indexes = [
            models.Index(fields=["tenant", "-created_at"], name="alert_of_tenant"),
            models.Index(fields=["created_at"], condition=Q(mailed_at=None), name="alert_to_mail"),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def title(self) -> str:
        """Return one line in the reader's language."""
        values = {"about": self.about, "percent": self.detail.get("percent", 0), "limit": self.detail.get("limit", 0)}
        match self.kind:
            case self.Kind.CHANNEL_STOPPED:
                return gettext("Channel %(about)s is stopped") % values
            case self.Kind.TEMPLATE_STOPPED:
                return gettext("Template %(about)s is stopped") % values
            case self.Kind.QUOTA:
                return gettext("%(percent)d %% of the quota of %(about)s (%(limit)d) is used") % values
            case _:
                return gettext("The provider's quota of %(about)s is used up for today") % values
