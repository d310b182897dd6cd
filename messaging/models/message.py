"""Messages, legs and events: tables partitioned by week on the message id, made by SQL (messaging.partitions).

No foreign key points to them; the engine writes them by set statements, these models read them.
"""

from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from messaging.states import MessageClass, State
from tenants.models import RateUnit, Tenant


class Bulk(models.Model):
    """What one request or campaign run sends together, with its one clock. Its messages have ids between `first_id` and
    `last_id`. `window` is the request's deliveryTimeWindow as it came; `counted` says that BulkCount follows its
    messages (small bulks are counted by reading them). `halt_..._before` is what had failed and left when a person let
    a halted bulk go on.
    """

    class Progress(models.TextChoices):
        PROCESSING = "PROCESSING", _("processing")
        PAUSED = "PAUSED", _("paused")
        CANCELED = "CANCELED", _("cancelled")
        FINISHED = "FINISHED", _("finished")

    id = models.UUIDField(primary_key=True, editable=False)
    tenant = models.ForeignKey(Tenant, models.CASCADE, db_constraint=False, db_index=False, verbose_name=_("tenant"))
    total = models.PositiveIntegerField(_("messages"))
    first_id = models.UUIDField(editable=False)
    last_id = models.UUIDField(editable=False)
    created_at = models.DateTimeField(_("accepted"))
    state = models.CharField(_("state"), max_length=10, choices=Progress, db_default=Progress.PROCESSING)
    state_reason = models.CharField(_("reason"), max_length=64, db_default="", blank=True)
    state_detail: Any = models.JSONField(_("numbers"), null=True, editable=False)
    counted = models.BooleanField(db_default=False, editable=False)
    send_at = models.DateTimeField(_("send at"), null=True)
    window: Any = models.JSONField(_("delivery time window"), null=True)
    speed_amount = models.PositiveIntegerField(_("messages"), null=True)
    speed_unit = models.CharField(_("in each"), max_length=6, choices=RateUnit, db_default=RateUnit.MINUTE)
    halt_after_failures = models.PositiveIntegerField(_("halt after failures"), null=True)
    halt_above_percent = models.PositiveSmallIntegerField(_("and above percent"), null=True)
    halt_failures_before = models.PositiveIntegerField(db_default=0, editable=False)
    halt_judged_before = models.PositiveIntegerField(db_default=0, editable=False)

    class Meta:
        db_table = "bulk"
        indexes = [models.Index(fields=["tenant", "id"], name="bulk_of_tenant")]
        verbose_name = _("bulk")
        verbose_name_plural = _("bulks")

    def __str__(self) -> str:
        return str(self.id)


class BulkCount(models.Model):
    """How many messages of a counted bulk are in a state; changed only by transitions that really happened."""

    pk = models.CompositePrimaryKey("bulk_id", "state")
    bulk_id = models.UUIDField()
    state = models.PositiveSmallIntegerField(choices=State)
    count = models.IntegerField(default=0)

    class Meta:
        db_table = "bulk_count"


class Message(models.Model):
    """One person, one content, one id for its whole life, over all its legs.

    `recipient` and `content` are sealed with the data key `data_key_id`, bound to the id; `ended_at` is set when the
    state is final; `sms_validity` is given where an SMS follows when `expires_at` passes without a receipt; `events`
    and `legs` count what was written so far.
    """

    id = models.UUIDField(primary_key=True, editable=False)
    tenant = models.ForeignKey(Tenant, models.DO_NOTHING, db_constraint=False, db_index=False, verbose_name=_("tenant"))
    bulk_id = models.UUIDField(_("bulk"))
    message_class = models.PositiveSmallIntegerField(_("class"), choices=MessageClass)
    state = models.PositiveSmallIntegerField(_("state"), choices=State, default=State.QUEUED)
    test = models.BooleanField(_("test"), default=False)
    route_id = models.BigIntegerField(_("route"))
    template_id = models.BigIntegerField(_("template"))
    recipient = models.BinaryField(null=True)
    recipient_hash = models.BinaryField(null=True)
    content = models.BinaryField(null=True)
    data_key_id = models.BigIntegerField()
    client_id = models.CharField(_("own id"), max_length=200, null=True)  # noqa: DJ001 absent is not empty
    reference = models.CharField(_("reference"), max_length=200, null=True)  # noqa: DJ001
    entity_id = models.CharField(_("entity"), max_length=255, null=True)  # noqa: DJ001
    application_id = models.CharField(_("application"), max_length=255, null=True)  # noqa: DJ001
    accepted_at = models.DateTimeField(_("accepted"))
    send_at = models.DateTimeField(_("send at"), null=True)
    expires_at = models.DateTimeField(_("expires"))
    sms_validity = models.DurationField(_("validity of the SMS failover"), null=True)
    ended_at = models.DateTimeField(_("ended"), null=True)
    reason = models.CharField(_("reason"), max_length=64, default="")
    legs = models.PositiveSmallIntegerField(default=0)
    events = models.PositiveSmallIntegerField(default=0)

    class Meta:
        db_table = "message"
        verbose_name = _("message")
        verbose_name_plural = _("messages")

    def __str__(self) -> str:
        return str(self.client_id or self.id)


class Leg(models.Model):
    """One step of the route taken by a message; `n` counts from 1."""

    pk = models.CompositePrimaryKey("message_id", "n")
    message_id = models.UUIDField()
    n = models.PositiveSmallIntegerField()
    tenant_id = models.BigIntegerField()
    channel_id = models.BigIntegerField()
    state = models.PositiveSmallIntegerField(choices=State)
    attempts = models.PositiveSmallIntegerField(default=0)
    provider_message_id = models.TextField(default="")
    sent_at = models.DateTimeField(null=True)
    delivered_at = models.DateTimeField(null=True)
    seen_at = models.DateTimeField(null=True)
    deadline_at = models.DateTimeField(null=True)
    error_code = models.TextField(default="")
    reason = models.TextField(default="")
    cost = models.DecimalField(max_digits=12, decimal_places=4, null=True)
    currency = models.CharField(max_length=3, default="")

    class Meta:
        db_table = "leg"


class TimelineEvent(models.Model):
    """One line of a message's timeline: what happened or was decided, and why; `n` counts from 1."""

    pk = models.CompositePrimaryKey("message_id", "n")
    message_id = models.UUIDField()
    n = models.PositiveSmallIntegerField()
    tenant_id = models.BigIntegerField()
    at = models.DateTimeField()
    type = models.TextField()
    reason = models.TextField(default="")
    detail: Any = models.JSONField(null=True)

    class Meta:
        db_table = "event"
