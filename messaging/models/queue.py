"""What the engine works from: lanes, due rows and receipts that came in."""

from typing import Any

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from messaging.states import MessageClass, Phase
from tenants.models import Channel, Tenant


class Lane(models.Model):
    """The queue of messages that share one clock; the unit of dispatch.

    `next_at` is when it may go on; `hold_reason` says why it waits, empty where only its messages' times decide.
    """

    tenant = models.ForeignKey(Tenant, models.CASCADE, verbose_name=_("tenant"))
    channel = models.ForeignKey(Channel, models.CASCADE, verbose_name=_("channel"))
    message_class = models.PositiveSmallIntegerField(_("class"), choices=MessageClass)
    test = models.BooleanField(_("test"), default=False)
    bulk = models.ForeignKey("messaging.Bulk", models.CASCADE, null=True, verbose_name=_("bulk"))
    next_at = models.DateTimeField(_("goes on"))
    hold_reason = models.CharField(_("held because"), max_length=64, blank=True)

    class Meta:
        db_table = "lane"
        verbose_name = _("lane")
        verbose_name_plural = _("lanes")
        constraints = [
            models.UniqueConstraint(
                fields=["tenant", "channel", "message_class", "test", "bulk"],
                name="one_lane_a_clock",
                nulls_distinct=False,
            )
        ]

    def __str__(self) -> str:
        return f"{self.channel} {self.get_message_class_display()}"


class Due(models.Model):
    """What waits or is in flight: one row a message that has not ended.

    `attempt` is raised by every claim and fences the writes of earlier ones; `tries` counts the calls of this leg that
    the provider refused for a passing reason; `due_at` is when the row's phase ends or its turn begins. `step` is the
    position in the route, `calls` counts the claims that led to a call on any leg; `reserved_at` is when quotas were
    reserved for it, empty where none are.
    """

    message_id = models.UUIDField(primary_key=True)
    tenant_id = models.BigIntegerField()
    lane_id = models.BigIntegerField()
    message_class = models.PositiveSmallIntegerField()
    phase = models.PositiveSmallIntegerField(choices=Phase, default=Phase.READY)
    due_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    attempt = models.PositiveIntegerField(default=0)
    tries = models.PositiveSmallIntegerField(default=0)
    leg = models.PositiveSmallIntegerField(default=1)
    step = models.PositiveSmallIntegerField(db_default=1)
    calls = models.PositiveSmallIntegerField(db_default=0)
    reserved_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "due"
        indexes = [
            models.Index(fields=["lane_id", "due_at", "message_id"], name="due_ready", condition=Q(phase=0)),
            models.Index(fields=["message_class", "expires_at"], name="due_expiry", condition=Q(phase=0)),
            models.Index(fields=["message_class", "due_at"], name="due_clock", condition=Q(phase__gt=0)),
            models.Index(fields=["lane_id"], name="due_in_flight", condition=Q(phase=1)),
        ]


class LaneHold(models.Model):
    """Why and until when a lane was held: a line in the timeline of every message that waited in it meanwhile.

    `ended_at` is when it went on or another hold took its place.
    """

    lane = models.ForeignKey(Lane, models.CASCADE, related_name="holds", verbose_name=_("lane"))
    at = models.DateTimeField(_("at"))
    until = models.DateTimeField(_("until"), null=True)
    ended_at = models.DateTimeField(_("ended"), null=True)
    reason = models.CharField(_("reason"), max_length=64)
    detail: Any = models.JSONField(_("numbers"), null=True)

    class Meta:
        db_table = "lane_hold"
        verbose_name = _("hold")
        verbose_name_plural = _("holds")
        indexes = [models.Index(fields=["lane", "at"], name="lane_hold_by_time")]


class PaceClock(models.Model):
    """The earliest next release of a paced bulk, channel, account, or tenant's share of a lent account."""

    pk = models.CompositePrimaryKey("scope", "key")
    scope = models.CharField(max_length=8)
    key = models.CharField(max_length=64)
    next_slot = models.DateTimeField()

    class Meta:
        db_table = "pace_clock"


class ClientMessage(models.Model):
    """The ids that client applications gave, unique in the tenant over all partitions."""

    pk = models.CompositePrimaryKey("tenant_id", "client_id")
    tenant_id = models.BigIntegerField()
    client_id = models.CharField(max_length=200)
    message_id = models.UUIDField()

    class Meta:
        db_table = "client_message"


class ProviderMessage(models.Model):
    """Which leg a provider means by its own id, for providers that do not echo ours; kept for 90 days."""

    pk = models.CompositePrimaryKey("account_id", "provider_message_id")
    account_id = models.BigIntegerField()
    provider_message_id = models.CharField(max_length=128)
    message_id = models.UUIDField()
    leg = models.PositiveSmallIntegerField()
    created_at = models.DateTimeField(db_index=True)

    class Meta:
        db_table = "provider_message"


class IdempotencyKey(models.Model):
    """A request that was accepted under an Idempotency-Key; kept for 48 hours."""

    pk = models.CompositePrimaryKey("tenant_id", "key")
    tenant_id = models.BigIntegerField()
    key = models.CharField(max_length=255)
    body_hash = models.BinaryField()
    bulk_id = models.UUIDField()
    created_at = models.DateTimeField(db_index=True)

    class Meta:
        db_table = "idempotency_key"


class Receipt(models.Model):
    """What a provider reported, as it came, sealed; partitioned by week on its id.

    `leg_id` is what the provider echoed, empty where it did not; `account_id` is ours, where the address told it;
    `error_code` names the row of a failure in its provider's table; `state` tells whether it was applied.
    """

    class State(models.IntegerChoices):
        OPEN = 0, _("open")
        APPLIED = 1, _("applied")
        UNMATCHED = 2, _("no such message")
        BROKEN = 3, _("not understood")
        WAITING = 4, _("waits for its leg")

    id = models.UUIDField(primary_key=True, editable=False)
    tenant_id = models.BigIntegerField(_("tenant"), null=True)
    source = models.CharField(_("source"), max_length=32)
    account = models.CharField(_("account"), max_length=64)
    kind = models.CharField(_("kind"), max_length=32)
    message_class = models.PositiveSmallIntegerField(_("class"))
    leg_id = models.CharField(_("leg"), max_length=64)
    provider_message_id = models.CharField(_("provider's id"), max_length=128)
    happened_at = models.DateTimeField(_("happened"))
    received_at = models.DateTimeField(_("received"))
    state = models.PositiveSmallIntegerField(_("state"), choices=State, default=State.OPEN)
    body = models.BinaryField()
    data_key_id = models.BigIntegerField()
    account_id = models.BigIntegerField(null=True)
    error_code = models.TextField(_("error"), db_default="")
    cost = models.DecimalField(max_digits=12, decimal_places=4, null=True)
    currency = models.CharField(max_length=3, db_default="")

    class Meta:
        db_table = "receipt"
        verbose_name = _("receipt")
        verbose_name_plural = _("receipts")

    def __str__(self) -> str:
        return f"{self.kind} {self.leg_id}"
