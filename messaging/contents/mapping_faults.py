"""What is wrong with a template's mapping on a channel that a person enters."""

from typing import Any, Protocol

from django.utils.translation import gettext_lazy as _

from providers.contract import ChecksLimits, Outbound
from providers.registry import PROVIDERS
from tenants.credential_fields import SMS_KINDS
from tenants.texts.checking import fault_of


class Mapped(Protocol):
    """A mapping as far as it is judged."""

    channel: Any
    template: Any
    provider_template_id: str
    parameter_names: Any
    text: str


def faults_of(mapping: Mapped) -> dict[str, Any]:
    """Return field -> what is wrong with it; empty where nothing is."""
    if mapping.channel.kind in SMS_KINDS:
        return _of_sms(mapping)
    faults: dict[str, Any] = {}
    if mapping.text:
        faults["text"] = _("Only an SMS channel sends this text.")
    if not mapping.provider_template_id:
        faults["provider_template_id"] = _("Enter the id that the provider knows the template by.")
    if fault := _of_names(mapping):
        faults["parameter_names"] = fault
    return faults or _of_limits(mapping)


def _of_sms(mapping: Mapped) -> dict[str, Any]:
    faults: dict[str, Any] = {}
    for name in ("provider_template_id", "parameter_names"):
        if getattr(mapping, name):
            faults[name] = _("An SMS has a text instead.")
    if fault := fault_of(mapping.text):
        faults["text"] = fault
    return faults


def _of_names(mapping: Mapped) -> Any:
    names = mapping.parameter_names
    if not isinstance(names, dict) or not all(isinstance(name, str) and name for name in names.values()):
        return _('Write our names and the provider\'s: {"customer": "ten_khach_hang"}.')
    known = {parameter["name"] for parameter in mapping.template.parameters}
    unknown = sorted(names.keys() - known) if known else []
    return _("The template has no parameter %(names)s.") % {"names": ", ".join(unknown)} if unknown else ""


def _of_limits(mapping: Mapped) -> dict[str, Any]:
    """Return what the provider's wire forbids of the id or the number of parameters."""
    provider = PROVIDERS.get(mapping.channel.kind)
    if not isinstance(provider, ChecksLimits):
        return {}
    values = {parameter["name"]: "1" for parameter in mapping.template.parameters}
    # Ids enough for every wire, so that only the template is judged.
    anybody = {"phone": "84900000000", "oa_user_id": "1", "mini_app_user_id": "1"}
    row = provider.check(Outbound(leg_id="0" * 32, template=mapping.provider_template_id, values=values, **anybody))
    return {"provider_template_id": f"{row.meaning}. {row.advice}".strip()} if row else {}
