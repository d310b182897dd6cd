"""Secrets in forms: they can be written and never read back."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from unfold.widgets import UnfoldAdminPasswordWidget


def mask(value: str) -> str:
    """Return what may be shown of a secret: its last four characters if it is long, nothing of a short one."""
    if not value:
        return ""
    return f"••••{value[-4:]}" if len(value) >= 12 else "••••"


def secret_field(label: Any, *, required: bool = False, help_text: Any = "") -> forms.CharField:
    """Return a form field in which a secret is entered; what was entered is never sent back."""
    return forms.CharField(
        label=label,
        required=required,
        help_text=help_text,
        max_length=4096,
        widget=UnfoldAdminPasswordWidget(attrs={"autocomplete": "new-password"}),
    )


class SecretsForm(forms.ModelForm):  # type: ignore[type-arg]
    """A form whose `secrets` are entered in fields of their names; an empty field leaves the stored one as it is."""

    secrets: tuple[str, ...] = ()

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        for name in self.secrets:
            stored = mask(getattr(self.instance, name)) if self.instance.pk else ""
            self.fields[name].help_text = (
                _("Stored: %(masked)s. Leave empty to keep it.") % {"masked": stored} if stored else _("Not set.")
            )

    @property
    def written_columns(self) -> list[str]:
        """The sealed columns that were entered anew."""
        return [f"{name}_sealed" for name in self.secrets if self.cleaned_data.get(name)]

    def put_secrets(self) -> None:
        """Seal what was entered into the instance, whose tenant must be set."""
        for name in self.secrets:
            if value := self.cleaned_data.get(name, "").strip():
                setattr(self.instance, name, value)
