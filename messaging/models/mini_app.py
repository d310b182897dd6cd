"""What is kept of Mini Apps: what tenants tell of their users, the day's notifications, and what Zalo reports."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from tenants.models import Account, Tenant


class MiniAppPerson(models.Model):
    """What a tenant told of a Mini App's user, found by the keyed hash of `mini:<id>`; null is not told."""

    pk = models.CompositePrimaryKey("tenant_id", "person")
    tenant_id = models.BigIntegerField()
    person = models.BinaryField()
    opted_in = models.BooleanField(null=True)
    last_visit = models.DateTimeField(null=True)
    told_at = models.DateTimeField()

    class Meta:
        db_table = "mini_app_person"


class MiniAppMessage(models.Model):
    """Which Mini App's user a message names, besides other ids; `counted_on` and `counted_for` are the day in Viet Nam
    and the app in whose count it stands, if in any."""

    message_id = models.UUIDField(primary_key=True)
    tenant_id = models.BigIntegerField()
    person = models.BinaryField()
    counted_on = models.DateField(null=True)
    counted_for = models.CharField(max_length=64, db_default="")

    class Meta:
        db_table = "mini_app_message"
        indexes = [models.Index(fields=["tenant_id", "person"], name="mini_app_message_of_person")]


class NotificationCount(models.Model):
    """How many notifications an app sent a person on a day in Viet Nam; an empty `person` counts the whole app."""

    pk = models.CompositePrimaryKey("app", "day", "person")
    app = models.CharField(max_length=64)
    day = models.DateField(db_index=True)
    person = models.BinaryField()
    count = models.PositiveIntegerField(default=0)

    class Meta:
        db_table = "notification_count"


class MiniAppEvent(models.Model):
    """What Zalo reported of a Mini App, once each. `sealed` holds what is personal (the user's id of a withdrawal, an
    event that was not understood), bound to the key; that of a withdrawal is erased when it is carried out.

    `tenant` is empty for an account of the platform. `stopped` and `erased` count messages.
    """

    class Kind(models.TextChoices):
        WITHDRAWN = "withdrawn", _("consent withdrawn")
        VERSION_REVIEWED = "version_reviewed", _("version reviewed")
        UNRECOGNISED = "unrecognised", _("not understood")

    tenant = models.ForeignKey(Tenant, models.CASCADE, null=True, verbose_name=_("tenant"))
    account = models.ForeignKey(Account, models.CASCADE, verbose_name=_("account"))
    key = models.CharField(max_length=64, editable=False)
    kind = models.CharField(_("kind"), max_length=32, choices=Kind)
    name = models.CharField(_("event"), max_length=64)
    mini_app_id = models.CharField(_("Mini App"), max_length=20)
    happened_at = models.DateTimeField(_("happened"))
    received_at = models.DateTimeField(_("received"))
    version_id = models.BigIntegerField(_("version"), null=True)
    approved = models.BooleanField(_("approved"), null=True)
    reason = models.CharField(_("reason"), max_length=500, blank=True)
    sealed = models.BinaryField(editable=False)
    data_key_id = models.BigIntegerField(editable=False)
    applied_at = models.DateTimeField(_("carried out"), null=True)
    stopped = models.PositiveIntegerField(_("messages stopped"), null=True)
    erased = models.PositiveIntegerField(_("messages erased"), null=True)

    class Meta:
        db_table = "mini_app_event"
        verbose_name = _("Mini App event")
        verbose_name_plural = _("Mini App events")
        constraints = [models.UniqueConstraint(fields=["account", "key"], name="one_mini_app_event")]
        indexes = [
            models.Index(fields=["id"], name="mini_app_event_open", condition=models.Q(applied_at=None)),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.mini_app_id}"
