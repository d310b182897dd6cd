from typing import Any
from unicodedata import normalize

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _

from messaging.contents.mapping_faults import faults_of
from messaging.states import MessageClass
from tenants.models import Channel, Tenant


class Template(models.Model):
    """One approved content of a tenant with its parameters.

    `parameters` is a list of {name, required, type, minLength, maxLength}, as synced from the provider.
    """

    tenant = models.ForeignKey(Tenant, models.CASCADE, related_name="templates", verbose_name=_("tenant"))
    code = models.CharField(_("id"), max_length=64, help_text=_("The templateId that client applications send."))
    name = models.CharField(_("name"), max_length=200)
    message_class = models.PositiveSmallIntegerField(
        _("class"), choices=MessageClass, default=MessageClass.TRANSACTIONAL
    )
    tag = models.CharField(_("tag"), max_length=32, blank=True)
    status = models.CharField(_("status"), max_length=32, default="ENABLE")
    quality = models.CharField(_("quality"), max_length=16, blank=True)
    timeout = models.FloatField(
        _("timeout"), null=True, blank=True, help_text=_("Seconds after hand-over in which a receipt is expected.")
    )
    price = models.CharField(_("price"), max_length=16, blank=True, help_text=_("In VND, as the provider tells it."))
    preview_url = models.URLField(_("preview"), max_length=500, blank=True)
    parameters: Any = models.JSONField(_("parameters"), default=list)
    stop_code = models.CharField(_("stopped by code"), max_length=32, blank=True, editable=False)
    stop_reason = models.TextField(_("stopped because"), blank=True, editable=False)
    synced_at = models.DateTimeField(_("synced"), null=True, editable=False)

    class Meta:
        verbose_name = _("template")
        verbose_name_plural = _("templates")
        ordering = ["name"]
        constraints = [models.UniqueConstraint(fields=["tenant", "code"], name="one_template_of_a_code")]

    def __str__(self) -> str:
        return self.name

    @property
    def is_stopped(self) -> bool:
        """Return whether it is stopped, wholly or on one of its channels."""
        return bool(self.stop_code) or self.mappings.exclude(stop_code="").exists()


class TemplateMapping(models.Model):
    """What a template is called on one channel: the provider's id and its parameter names.

    `status`, `quality` and `price` are what that provider tells of it, empty where it tells nothing; a template stopped
    here is still sent over other channels.
    """

    template = models.ForeignKey(Template, models.CASCADE, related_name="mappings", verbose_name=_("template"))
    channel = models.ForeignKey(Channel, models.CASCADE, related_name="template_mappings", verbose_name=_("channel"))
    provider_template_id = models.CharField(_("provider's id"), max_length=64, blank=True)
    parameter_names: Any = models.JSONField(
        _("parameter names"),
        default=dict,
        blank=True,
        help_text=_("Ours to the provider's; empty where they are equal."),
    )
    text = models.TextField(
        _("text"), blank=True, default="", help_text=_("What an SMS says for this template; may hold {{parameter}}.")
    )
    status = models.CharField(_("status"), max_length=32, blank=True, db_default="", default="", editable=False)
    quality = models.CharField(_("quality"), max_length=16, blank=True, db_default="", default="", editable=False)
    price = models.CharField(_("price"), max_length=16, blank=True, db_default="", default="", editable=False)
    stop_code = models.CharField(max_length=32, blank=True, db_default="", default="", editable=False)
    stop_reason = models.TextField(blank=True, db_default="", default="", editable=False)
    synced_at = models.DateTimeField(_("synced"), null=True, editable=False)

    class Meta:
        verbose_name = _("mapping")
        verbose_name_plural = _("mappings")
        constraints = [models.UniqueConstraint(fields=["template", "channel"], name="one_mapping_a_channel")]

    def __str__(self) -> str:
        return f"{self.channel}: {self.provider_template_id}"

    def clean(self) -> None:
        """Raise ValidationError for what its channel cannot take."""
        if not self.channel_id:
            return
        if self.template.tenant_id and self.channel.tenant_id != self.template.tenant_id:
            raise ValidationError({"channel": _("This channel belongs to another tenant than the template.")})
        self.text = normalize("NFC", self.text)
        if self.parameter_names is None:
            self.parameter_names = {}
        if faults := faults_of(self):
            raise ValidationError(faults)
