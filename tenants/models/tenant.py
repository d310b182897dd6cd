from zoneinfo import available_timezones

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _


def validate_time_zone(value: str) -> None:
    """Raise ValidationError unless `value` names a zone of the IANA database."""
    if value not in available_timezones():
        raise ValidationError(
            _("%(value)s is not a time zone; an example is Asia/Ho_Chi_Minh."), params={"value": value}
        )


class Tenant(models.Model):
    """A customer of the platform; owns everything below it, and nothing of it is visible to another tenant."""

    class WhenUnknown(models.TextChoices):
        WAIT = "wait", _("Wait for a receipt, then go on or end")
        RESEND = "resend", _("Send again (a person may get the message twice)")

    slug = models.SlugField(_("slug"), unique=True, help_text=_("Short name in commands and logs; it never changes."))
    name = models.CharField(_("name"), max_length=200)
    time_zone = models.CharField(
        _("time zone"), max_length=64, default="Asia/Ho_Chi_Minh", validators=[validate_time_zone]
    )
    is_active = models.BooleanField(
        _("active"), default=True, help_text=_("An inactive tenant's API keys are refused.")
    )
    when_unknown = models.CharField(
        _("when an outcome is unknown"),
        max_length=8,
        choices=WhenUnknown,
        default=WhenUnknown.WAIT,
        help_text=_("What happens to a message when the connection broke before the provider answered."),
    )
    quiet_from = models.TimeField(
        _("quiet from"), null=True, blank=True, help_text=_("In the tenant's time zone; empty sets no quiet hours.")
    )
    quiet_until = models.TimeField(_("quiet until"), null=True, blank=True)
    quiet_for_otp = models.BooleanField(
        _("quiet for one-time passwords too"), default=False, help_text=_("Otherwise these go at any hour.")
    )
    promotions_a_day = models.PositiveSmallIntegerField(
        _("promotions a person and day"),
        null=True,
        blank=True,
        default=1,
        help_text=_("Per account; empty sets no cap."),
    )
    promotions_a_month = models.PositiveSmallIntegerField(
        _("promotions a person and month"), null=True, blank=True, default=4
    )
    created_at = models.DateTimeField(_("created"), auto_now_add=True)

    class Meta:
        verbose_name = _("tenant")
        verbose_name_plural = _("tenants")
        ordering = ["slug"]

    def __str__(self) -> str:
        return self.name


class Member(models.Model):
    """A Django user with a role in a tenant."""

    class Role(models.TextChoices):
        OWNER = "owner", _("Owner")
        OPERATOR = "operator", _("Operator")
        VIEWER = "viewer", _("Viewer")

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="memberships", verbose_name=_("user")
    )
    tenant = models.ForeignKey(Tenant, models.CASCADE, related_name="members", verbose_name=_("tenant"))
    role = models.CharField(
        _("role"),
        max_length=8,
        choices=Role,
        help_text=_("Owners manage keys, accounts and members; operators send, cancel and sync; viewers read."),
    )
    may_reveal = models.BooleanField(
        _("may reveal"),
        default=False,
        help_text=_("May see phone numbers and contents in clear; every look is logged."),
    )

    class Meta:
        verbose_name = _("member")
        verbose_name_plural = _("members")
        constraints = [models.UniqueConstraint(fields=["user", "tenant"], name="one_role_per_member")]

    def __str__(self) -> str:
        return f"{self.user} ({self.get_role_display()})"
