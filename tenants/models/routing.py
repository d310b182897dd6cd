from typing import Any, Final
from unicodedata import normalize

from django.contrib.postgres.fields import ArrayField
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator, RegexValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from tenants.credential_fields import ACCOUNT_KIND, SMS_KINDS
from tenants.kinds import channel_kinds
from tenants.models.accounts import Account
from tenants.models.rate_unit import RateUnit
from tenants.models.tenant import Tenant
from tenants.texts.checking import fault_of

LONGEST_VALIDITY: Final = 48 * 3600


class Channel(models.Model):
    """One configured sending path of a tenant over an account.

    A stopped one lets a single message through at `probe_at`, to see whether it works again; without that time only a
    person resumes it.
    """

    class State(models.TextChoices):
        ACTIVE = "active", _("Active")
        STOPPED = "stopped", _("Stopped")

    tenant = models.ForeignKey(Tenant, models.CASCADE, related_name="channels", verbose_name=_("tenant"))
    name = models.SlugField(_("name"), help_text=_("Short name, unique in the tenant."))
    kind = models.CharField(_("kind"), max_length=16, choices=channel_kinds)
    account = models.ForeignKey(Account, models.PROTECT, related_name="channels", verbose_name=_("account"))
    hash_phone = models.BooleanField(
        _("hash phone numbers"), default=False, help_text=_("Send the SHA-256 of the number instead of the number.")
    )
    rate_amount = models.PositiveIntegerField(
        _("calls"), null=True, blank=True, help_text=_("Calls in each unit over all processes; empty sets no limit.")
    )
    rate_unit = models.CharField(_("in each"), max_length=6, choices=RateUnit, default=RateUnit.SECOND)
    max_in_flight = models.PositiveIntegerField(
        _("calls at once"), null=True, blank=True, help_text=_("Over all processes; empty sets no limit.")
    )
    night_rules = models.BooleanField(
        _("keep the provider's night rules"),
        default=True,
        help_text=_("Hold messages of the classes that the provider does not take at night until the morning."),
    )
    state = models.CharField(_("state"), max_length=8, choices=State, default=State.ACTIVE, editable=False)
    stop_code = models.CharField(_("code"), max_length=32, blank=True, editable=False)
    stop_reason = models.TextField(_("reason"), blank=True, editable=False)
    stopped_at = models.DateTimeField(_("stopped"), null=True, editable=False)
    probe_at = models.DateTimeField(_("next probe"), null=True, editable=False)
    probes = models.PositiveSmallIntegerField(_("probes that failed"), db_default=0, editable=False)

    class Meta:
        verbose_name = _("channel")
        verbose_name_plural = _("channels")
        ordering = ["name"]
        constraints = [models.UniqueConstraint(fields=["tenant", "name"], name="one_channel_of_a_name")]

    def __str__(self) -> str:
        return self.name

    def clean(self) -> None:
        """Raise ValidationError unless the account is of the channel's kind, and the tenant's own or lent to it."""
        if self.tenant_id and self.account_id and not self.account.may_be_used_by(self.tenant_id):
            raise ValidationError({"account": _("This account is neither the tenant's own nor lent to it.")})
        if self.kind and self.account_id and ACCOUNT_KIND[self.kind] != self.account.kind:
            raise ValidationError({"account": _("Channels of this kind need an account of another kind.")})


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


def usual_causes() -> list[str]:
    """Return the causes after which a step goes on unless it says otherwise."""
    return [cause.value for cause in RouteStep.Cause if cause is not RouteStep.Cause.MESSAGE]


class RouteStep(models.Model):
    """One step of a route, and when a message goes on from it. Steps of equal position share by weight."""

    class Cause(models.TextChoices):
        RECIPIENT = "recipient", _("the person cannot be reached here")
        MESSAGE = "message", _("the message is refused")
        CONFIGURATION = "configuration", _("the channel is not set up right")
        QUOTA = "quota", _("the provider's quota is used up")
        TRANSIENT = "transient", _("retries are used up")
        UNKNOWN = "unknown", _("the outcome stayed unknown")
        DEADLINE = "deadline", _("no receipt came in time")

    class Choice(models.TextChoices):
        WAIT = "wait", _("Wait")
        GO_ON = "go_on", _("Go on")

    route = models.ForeignKey(Route, models.CASCADE, related_name="steps", verbose_name=_("route"))
    position = models.PositiveSmallIntegerField(_("position"), default=1)
    channel = models.ForeignKey(Channel, models.PROTECT, related_name="steps", verbose_name=_("channel"))
    weight = models.PositiveSmallIntegerField(
        _("weight"), default=1, help_text=_("Share among the channels of the same position.")
    )
    go_on_after = ArrayField(
        models.CharField(max_length=16, choices=Cause), verbose_name=_("go on after"), default=usual_causes, blank=True
    )
    deadline = models.PositiveIntegerField(
        _("deadline"), null=True, blank=True, help_text=_("Seconds to wait for a receipt; empty takes the template's.")
    )
    text = models.TextField(
        _("text"),
        blank=True,
        help_text=_("What an SMS of this step says; may hold {{parameter}}. Empty takes the template's text."),
    )
    plain = models.BooleanField(
        _("without diacritics"), db_default=False, default=False, help_text=_("Write the SMS without Vietnamese marks.")
    )
    sender = models.CharField(
        _("sender"),
        max_length=20,
        blank=True,
        validators=[RegexValidator(r"^[0-9A-Za-z]+\Z", _("A sender has letters without marks and digits."))],
        help_text=_("Empty takes the account's."),
    )
    validity = models.PositiveIntegerField(
        _("validity"),
        null=True,
        blank=True,
        validators=[MinValueValidator(1), MaxValueValidator(LONGEST_VALIDITY)],
        help_text=_("Seconds that the SMS is worth sending from its start on; empty takes what the message has left."),
    )
    when_stopped = models.CharField(
        _("when the channel is stopped"), max_length=5, choices=Choice, default=Choice.GO_ON
    )
    when_out_of_quota = models.CharField(_("when out of quota"), max_length=5, choices=Choice, default=Choice.GO_ON)
    when_closed = models.CharField(_("when closed by hours"), max_length=5, choices=Choice, default=Choice.WAIT)

    class Meta:
        verbose_name = _("step")
        verbose_name_plural = _("steps")
        ordering = ["position"]
        constraints = [models.UniqueConstraint(fields=["route", "position", "channel"], name="one_step_of_a_channel")]

    def __str__(self) -> str:
        return f"{self.position}. {self.channel}"

    def clean(self) -> None:
        """Raise ValidationError unless the channel is one of the route's tenant and carries what is said."""
        if not self.channel_id:
            return
        if self.route.tenant_id and self.channel.tenant_id != self.route.tenant_id:
            raise ValidationError({"channel": _("This channel belongs to another tenant than the route.")})
        self.text = normalize("NFC", self.text)
        faults: dict[str, Any] = {}
        if self.channel.kind not in SMS_KINDS:
            given = [name for name in OF_SMS if getattr(self, name)]
            faults = dict.fromkeys(given, _("Only the step of an SMS channel has this."))
        elif fault := fault_of(self.text):
            faults = {"text": fault}
        if faults:
            raise ValidationError(faults)


OF_SMS: Final = ("text", "plain", "sender", "validity")
"""The fields of a step that only an SMS has."""
