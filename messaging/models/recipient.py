"""What is kept of persons: whom not to send to, and how many promotions they had."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from messaging.states import MessageClass
from tenants.kinds import channel_kinds
from tenants.models import Account, Tenant


class RecipientMark(models.Model):
    """A reason not to send to a person: their own opt-out, or the memory of a refusal, which ends by itself.

    Narrowed to a class, a kind of channel or an account where these are given. The person is found by the tenant's
    keyed hash; `recipient` is sealed with the data key, bound to that hash or, where a refusal taught it, to
    `message_id`.
    """

    class Kind(models.TextChoices):
        SUPPRESSION = "suppression", _("Opted out")
        MEMORY = "memory", _("Was refused")

    tenant = models.ForeignKey(Tenant, models.CASCADE, related_name="recipient_marks", verbose_name=_("tenant"))
    recipient_hash = models.BinaryField(editable=False)
    recipient = models.BinaryField(editable=False)
    data_key_id = models.BigIntegerField(editable=False)
    message_id = models.UUIDField(null=True, editable=False)
    kind = models.CharField(_("kind"), max_length=12, choices=Kind)
    reason = models.CharField(_("reason"), max_length=64)
    code = models.CharField(_("provider's code"), max_length=32, blank=True)
    note = models.CharField(_("note"), max_length=200, blank=True)
    message_class = models.PositiveSmallIntegerField(_("class"), choices=MessageClass, null=True, blank=True)
    channel_kind = models.CharField(_("kind of channel"), max_length=16, choices=channel_kinds, blank=True)
    account = models.ForeignKey(Account, models.CASCADE, null=True, blank=True, verbose_name=_("account"))
    created_at = models.DateTimeField(_("since"))
    expires_at = models.DateTimeField(_("until"), null=True, blank=True, help_text=_("Empty: for good."))

    class Meta:
        db_table = "recipient_mark"
        verbose_name = _("recipient not to send to")
        verbose_name_plural = _("recipients not to send to")
        ordering = ["-created_at"]
        indexes = [models.Index(fields=["tenant", "kind", "id"], name="mark_by_age")]
        constraints = [
            models.UniqueConstraint(
                fields=["tenant", "recipient_hash", "kind", "message_class", "channel_kind", "account"],
                name="one_mark_of_a_reach",
                nulls_distinct=False,
            )
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}: {self.reason}"


class PromotionCount(models.Model):
    """How many promotions a person had over an account on a local day of Viet Nam."""

    pk = models.CompositePrimaryKey("tenant_id", "account_id", "recipient_hash", "day")
    tenant_id = models.BigIntegerField()
    account_id = models.BigIntegerField()
    recipient_hash = models.BinaryField()
    day = models.DateField()
    count = models.PositiveSmallIntegerField(default=0)

    class Meta:
        db_table = "promotion_count"
