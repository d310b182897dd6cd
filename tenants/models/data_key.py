from django.db import models
from django.utils.translation import gettext_lazy as _

from tenants.models.tenant import Tenant


class DataKey(models.Model):
    """A key that seals a tenant's content: one a month, and one (`purpose` hash) for searching recipients.

    Wrapped by a master key. Dropping a tenant's rows here erases its content for good. `tenant` is empty for the
    platform.
    """

    class Purpose(models.TextChoices):
        CONTENT = "content", _("Content")
        HASH = "hash", _("Recipient search")

    tenant = models.ForeignKey(Tenant, models.CASCADE, null=True, related_name="data_keys", verbose_name=_("tenant"))
    purpose = models.CharField(_("purpose"), max_length=8, choices=Purpose)
    month = models.DateField(_("month"), help_text=_("First day of the month (UTC) the key seals for."))
    wrapped = models.BinaryField(editable=False)
    created_at = models.DateTimeField(_("created"), auto_now_add=True)

    class Meta:
        verbose_name = _("data key")
        verbose_name_plural = _("data keys")
        constraints = [
            models.UniqueConstraint(
                fields=["tenant", "purpose", "month"], name="one_data_key_a_month", nulls_distinct=False
            )
        ]

    def __str__(self) -> str:
        return f"{self.tenant_id or 'platform'} {self.purpose} {self.month:%Y-%m}"
