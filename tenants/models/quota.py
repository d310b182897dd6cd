from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from tenants.clock import Now
from tenants.models.routing import Channel
from tenants.models.tenant import Tenant


class Quota(models.Model):
    """How many messages may go in a day or month of the tenant's zone: of the tenant, a channel or a template.

    What was reserved before `counts_from` was never counted here, and so is not given back here either.
    """

    class Period(models.TextChoices):
        DAY = "day", _("day")
        MONTH = "month", _("month")

    class OnLimit(models.TextChoices):
        REJECT = "reject", _("Reject: the message ends")
        HOLD = "hold", _("Hold until the next period")
        DIVERT = "divert", _("Divert to the next step of the route")

    tenant = models.ForeignKey(Tenant, models.CASCADE, related_name="quotas", verbose_name=_("tenant"))
    channel = models.ForeignKey(
        Channel, models.CASCADE, null=True, blank=True, related_name="quotas", verbose_name=_("channel")
    )
    template_id = models.BigIntegerField(_("template"), null=True, blank=True)
    period = models.CharField(_("period"), max_length=5, choices=Period, default=Period.DAY)
    limit = models.PositiveIntegerField(_("limit"))
    on_limit = models.CharField(_("at the limit"), max_length=6, choices=OnLimit, default=OnLimit.HOLD)
    counts_from = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        verbose_name = _("quota")
        verbose_name_plural = _("quotas")
        constraints = [
            models.UniqueConstraint(
                fields=["tenant", "channel", "template_id", "period"], name="one_quota_a_period", nulls_distinct=False
            ),
            models.CheckConstraint(
                condition=~Q(on_limit="divert") | Q(channel__isnull=False) | Q(template_id__isnull=False),
                name="tenant_quota_does_not_divert",
            ),
            models.CheckConstraint(
                condition=Q(channel__isnull=True) | Q(template_id__isnull=True), name="quota_of_one_thing"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.limit}/{self.period}"


class QuotaUsage(models.Model):
    """What of a quota is used in the period that starts on a local day; `warned` is the last warning in percent."""

    quota = models.ForeignKey(Quota, models.CASCADE, related_name="usages", verbose_name=_("quota"))
    starts_on = models.DateField(_("starts on"))
    used = models.PositiveIntegerField(_("used"), default=0)
    warned = models.PositiveSmallIntegerField(default=0)

    class Meta:
        verbose_name = _("quota usage")
        verbose_name_plural = _("quota usages")
        constraints = [
            models.UniqueConstraint(fields=["quota", "starts_on"], name="one_usage_a_period"),
        ]

    def __str__(self) -> str:
        return f"{self.used} since {self.starts_on}"
