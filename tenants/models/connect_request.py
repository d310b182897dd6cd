from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from tenants.models.accounts import OfficialAccount
from tenants.models.secret import SealedField, Secret


class ConnectRequest(models.Model):
    """One trip of a person to Zalo's consent page; the state that comes back is good once, for them, until it ends."""

    state_hash = models.BinaryField(unique=True, editable=False)
    official_account = models.ForeignKey(
        OfficialAccount, models.CASCADE, related_name="connect_requests", verbose_name=_("official account")
    )
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+", verbose_name=_("user"))
    verifier_sealed = SealedField()
    expires_at = models.DateTimeField(_("ends"))

    verifier = Secret()

    class Meta:
        verbose_name = _("connect request")
        verbose_name_plural = _("connect requests")

    def __str__(self) -> str:
        return f"{self.official_account_id} {self.expires_at:%Y-%m-%d %H:%M}"

    def secrets_belong_to(self) -> int | None:
        """Return the tenant the verifier is bound to."""
        return self.official_account.secrets_belong_to()
