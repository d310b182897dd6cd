"""What is wrong with the text of an SMS that a person enters."""

from typing import Any, Final

from django.utils.translation import gettext_lazy as _

from tenants.texts.rendering import parameters_of, render

LONGEST: Final = 1000


def fault_of(text: str) -> Any:
    """Return what is wrong with a text (in composed form), empty where nothing is; values may still make it too long.

    LONGEST is that of NXCloud's (nxcloud.md section 6.1).
    """
    if len(text) > LONGEST:
        return _("An SMS has at most 1000 characters.")
    if any(brace in without_values(text) for brace in ("{{", "}}")):
        return _("Braces are not closed, or a parameter's name has a space in it: write {{parameter}}.")
    return ""


def without_values(text: str) -> str:
    """Return the text with nothing in the place of its parameters."""
    return render(text, dict.fromkeys(parameters_of(text), ""))
