"""The form that answers a person in the chat of an official account."""

from collections.abc import Mapping
from typing import Any, Final

from django import forms
from django.utils.translation import gettext_lazy as _
from unfold.widgets import UnfoldAdminSelectWidget, UnfoldAdminTextareaWidget

from messaging.chat.answering import CannotAnswer, Why, answer, routes_to
from messaging.intake.errors import Refused
from messaging.models import Contact
from providers.oa.contents import LONGEST_TEXT

REASONS: Final[Mapping[Why, Any]] = {
    Why.ERASED: _("The person was erased: nothing is known to write to until they write again."),
    Why.WITHDRAWN: _("The person withdrew their consent: do not write to them until they come back."),
    Why.WINDOW_CLOSED: _(
        "The window is closed: the person last interacted more than seven days ago. Send a template by user id or by "
        "phone number, or wait until they write."
    ),
    Why.NO_ROUTE: _("No route begins with a channel over the chat of this account: make one under Routes."),
}


class AnswerForm(forms.Form):
    """A text, and the route by which it leaves."""

    text = forms.CharField(
        label=_("text"), max_length=LONGEST_TEXT, widget=UnfoldAdminTextareaWidget(attrs={"rows": 3})
    )
    route = forms.ChoiceField(label=_("route"), widget=UnfoldAdminSelectWidget)

    def __init__(self, contact: Contact, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self._contact = contact
        route = self.fields["route"]
        assert isinstance(route, forms.ChoiceField)  # noqa: S101  declared above
        names = routes_to(contact)
        route.choices = [(name, name) for name in names]
        if len(names) == 1:
            route.widget, route.initial = forms.HiddenInput(), names[0]

    def send(self) -> str | None:
        """Send the valid form's text; return the message's id (hex), None where it was refused.

        What was wrong is then among the form's errors.
        """
        try:
            return answer(self._contact, self.cleaned_data["text"], self.cleaned_data["route"])
        except CannotAnswer as error:
            self.add_error("text", REASONS[error.why])
        except Refused as refused:
            for one in refused.errors:
                last = one.field.rsplit(".", 1)[-1]
                self.add_error(last if last in self.fields else None, one.message)
        return None
