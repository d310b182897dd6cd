from collections.abc import Mapping

import msgspec
from django.db import models
from django.utils.translation import gettext_lazy as _

from tenants.models.accounts import Account, hook_token
from tenants.models.secret import SealedField, Secret


class ProviderAccount(models.Model):
    """The settings of an account whose credentials do not rotate; all of them are sealed together.

    Which there are is said by `tenants.credential_fields`. `hook_token` ends the address of its reports.
    """

    account = models.OneToOneField(
        Account, models.CASCADE, primary_key=True, related_name="provider_account", verbose_name=_("account")
    )
    credentials_sealed = SealedField()
    hook_token = models.CharField(max_length=43, unique=True, default=hook_token, editable=False)

    credentials = Secret()

    class Meta:
        verbose_name = _("provider account")
        verbose_name_plural = _("provider accounts")

    def __str__(self) -> str:
        return str(self.account)

    def secrets_belong_to(self) -> int | None:
        """Return the tenant the settings are bound to."""
        return self.account.tenant_id

    def values(self) -> dict[str, str]:
        """Return the settings by name."""
        text = self.credentials
        return msgspec.json.decode(text, type=dict[str, str]) if text else {}

    def put(self, values: Mapping[str, str]) -> None:
        """Seal settings in place of those that stand; the account must be set."""
        self.credentials = msgspec.json.encode({name: value for name, value in values.items() if value}).decode()
