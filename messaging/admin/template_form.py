"""The form of a template that no provider lists: an aggregator's, entered by hand."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from unfold.widgets import UnfoldAdminTextareaWidget

from messaging.models import Template

MOST = 50


class HandForm(forms.ModelForm):  # type: ignore[type-arg]
    """A template with its parameters, one name a line; those that are known keep what is known of them."""

    names = forms.CharField(
        label=_("parameters"),
        required=False,
        widget=UnfoldAdminTextareaWidget(attrs={"rows": 5}),
        help_text=_("One name a line, as client applications write it in templateData."),
    )

    class Meta:
        model = Template
        fields = ("tenant", "code", "name", "message_class", "timeout")

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["names"].initial = "\n".join(parameter["name"] for parameter in self.instance.parameters)

    def clean_names(self) -> list[str]:
        """Return the names, each once, in their order."""
        names = list(dict.fromkeys(line.strip() for line in self.cleaned_data["names"].splitlines() if line.strip()))
        if len(names) > MOST or any(len(name) > 64 or len(name.split()) > 1 or "{" in name for name in names):
            raise forms.ValidationError(_("A name has at most 64 characters, no space and no brace; at most 50 names."))
        return names

    def save(self, commit: bool = True) -> Any:
        """Write the parameters with the rest."""
        known = {parameter["name"]: parameter for parameter in self.instance.parameters}
        new = {"required": True, "type": "STRING", "minLength": 0, "maxLength": 0}
        self.instance.parameters = [known.get(name) or {"name": name, **new} for name in self.cleaned_data["names"]]
        return super().save(commit)

    @property
    def written_columns(self) -> list[str]:
        """Return the columns that are written besides those of the form's own fields."""
        return ["parameters"]
