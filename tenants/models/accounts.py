import secrets
from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _

from tenants.kinds import account_kinds
from tenants.models.rate_unit import RateUnit
from tenants.models.reasons import Reason
from tenants.models.secret import SealedField, Secret
from tenants.models.tenant import Tenant


def hook_token() -> str:
    """Return an unguessable path segment for a webhook URL."""
    return secrets.token_urlsafe(24)


class Account(models.Model):
    """Credentials at a provider with their shared pace and quota: a tenant's own, or the platform's lent to tenants."""

    class Environment(models.TextChoices):
        LIVE = "live", _("Live")
        SANDBOX = "sandbox", _("Sandbox")

    tenant = models.ForeignKey(
        Tenant,
        models.CASCADE,
        null=True,
        blank=True,
        related_name="accounts",
        verbose_name=_("owner"),
        help_text=_("Empty: the platform owns it and lends it to the tenants below."),
    )
    lent_to = models.ManyToManyField(Tenant, blank=True, related_name="lent_accounts", verbose_name=_("lent to"))
    kind = models.CharField(_("kind"), max_length=16, choices=account_kinds)
    name = models.CharField(_("name"), max_length=100)
    environment = models.CharField(_("environment"), max_length=8, choices=Environment, default=Environment.LIVE)
    rate_amount = models.PositiveIntegerField(
        _("calls"), null=True, blank=True, help_text=_("Calls in each unit over all processes; empty sets no limit.")
    )
    rate_unit = models.CharField(_("in each"), max_length=6, choices=RateUnit, default=RateUnit.SECOND)
    max_in_flight = models.PositiveIntegerField(
        _("calls at once"), null=True, blank=True, help_text=_("Over all processes; empty sets no limit.")
    )
    created_at = models.DateTimeField(_("created"), auto_now_add=True)

    class Meta:
        verbose_name = _("account")
        verbose_name_plural = _("accounts")
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name

    def may_be_used_by(self, tenant_id: int) -> bool:
        """Return whether the tenant owns the account or the platform lends it to the tenant."""
        if self.tenant_id is not None:
            return self.tenant_id == tenant_id
        return self.lent_to.filter(pk=tenant_id).exists()


class ZaloApp(models.Model):
    """An application of developers.zalo.me; its official accounts share its secrets and its webhook URL."""

    class Pkce(models.TextChoices):
        PER_REQUEST = "per_request", _("A new verifier for each request")
        FIXED = "fixed", _("The fixed verifier saved in Zalo's console")

    tenant = models.ForeignKey(
        Tenant, models.CASCADE, null=True, blank=True, related_name="zalo_apps", verbose_name=_("owner")
    )
    name = models.CharField(_("name"), max_length=100)
    app_id = models.CharField(_("app id"), max_length=32, unique=True)
    app_secret_sealed = SealedField()
    oa_secret_key_sealed = SealedField()
    pkce = models.CharField(_("PKCE"), max_length=12, choices=Pkce, default=Pkce.PER_REQUEST)
    fixed_verifier_sealed = SealedField()
    prove_secret = models.BooleanField(
        _("appsecret_proof"),
        default=False,
        help_text=_("Sign every call; needed when the app has that check turned on."),
    )
    environment = models.CharField(
        _("environment"), max_length=8, choices=Account.Environment, default=Account.Environment.LIVE
    )
    hook_token = models.CharField(max_length=43, unique=True, default=hook_token, editable=False)

    app_secret = Secret()
    oa_secret_key = Secret()
    fixed_verifier = Secret()

    class Meta:
        verbose_name = _("Zalo app")
        verbose_name_plural = _("Zalo apps")
        ordering = ["name"]

    def __str__(self) -> str:
        return f"{self.name} ({self.app_id})"

    def secrets_belong_to(self) -> int | None:
        """Return the tenant the secrets are bound to."""
        return self.tenant_id


class OfficialAccount(models.Model):
    """A Zalo OA with its rotating tokens; an account of its kind."""

    class Status(models.TextChoices):
        NOT_CONNECTED = "not_connected", _("Not connected")
        CONNECTED = "connected", _("Connected")
        ENDS = "ends", _("Connected without a refresh token")
        RECONNECT = "reconnect", _("Reconnect needed")

    account = models.OneToOneField(
        Account, models.CASCADE, primary_key=True, related_name="official_account", verbose_name=_("account")
    )
    app = models.ForeignKey(ZaloApp, models.PROTECT, related_name="official_accounts", verbose_name=_("Zalo app"))
    oa_id = models.CharField(_("OA id"), max_length=32, db_index=True)
    status = models.CharField(_("status"), max_length=16, choices=Status, default=Status.NOT_CONNECTED, editable=False)
    status_code = models.CharField(_("reason"), max_length=32, choices=Reason, blank=True, editable=False)
    status_reason = models.TextField(_("detail"), blank=True, editable=False)
    access_token_sealed = SealedField()
    refresh_token_sealed = SealedField()
    access_expires_at = models.DateTimeField(_("access token ends"), null=True, editable=False)
    refresh_expires_at = models.DateTimeField(_("refresh token ends"), null=True, editable=False)
    refreshed_at = models.DateTimeField(_("tokens renewed"), null=True, editable=False)
    refresh_at = models.DateTimeField(_("next renewal"), null=True, editable=False)
    refresh_failures = models.PositiveSmallIntegerField(_("failed renewals in a row"), default=0, editable=False)
    refresh_lease = models.UUIDField(null=True, editable=False)
    refresh_lease_until = models.DateTimeField(null=True, editable=False)
    daily_quota = models.PositiveIntegerField(_("daily quota"), null=True, editable=False)
    remaining_quota = models.PositiveIntegerField(_("remaining quota"), null=True, editable=False)
    quota_at = models.DateTimeField(_("quota read"), null=True, editable=False)

    access_token = Secret()
    refresh_token = Secret()

    class Meta:
        verbose_name = _("official account")
        verbose_name_plural = _("official accounts")
        constraints = [models.UniqueConstraint(fields=["app", "oa_id"], name="one_official_account_per_app")]

    def __str__(self) -> str:
        return f"{self.account.name} ({self.oa_id})"

    def secrets_belong_to(self) -> int | None:
        """Return the tenant the tokens are bound to."""
        return self.account.tenant_id

    def clean(self) -> None:
        """Raise ValidationError unless account and app have one environment and one owner; an app of the platform may
        serve accounts of tenants."""
        if not (self.account_id and self.app_id):
            return
        if self.app.tenant_id not in (None, self.account.tenant_id):
            raise ValidationError({"app": _("The app and the account have different owners.")})
        if self.account.environment != self.app.environment:
            raise ValidationError({"app": _("One of app and account is live, the other goes to the sandbox.")})

    def can_renew(self) -> bool:
        """Return whether there is a refresh token that has not been refused."""
        return bool(self.refresh_token_sealed) and self.status != self.Status.RECONNECT

    def works_at(self, now: datetime) -> bool:
        """Return whether the access token is there and has not ended at `now`."""
        ends = self.access_expires_at
        return bool(self.access_token_sealed) and (ends is None or now < ends)

    def why(self) -> str:
        """Return why the status is what it is, in the reader's language; empty where nothing is wrong."""
        sentence = self.get_status_code_display() if self.status_code else ""
        return " ".join(part for part in (str(sentence), self.status_reason) if part)
