"""What the pages about Mini Apps ask for before they call Zalo; each form makes its one call."""

import json
from typing import Any, Final

from django import forms
from django.utils.translation import gettext_lazy as _
from unfold.widgets import (
    UnfoldAdminFileFieldWidget,
    UnfoldAdminIntegerFieldWidget,
    UnfoldAdminSelectWidget,
    UnfoldAdminTextareaWidget,
    UnfoldAdminTextInputWidget,
)

from providers.contract import Call
from providers.mini_app_partner.calls import CATEGORIES, NewMiniApp
from providers.mini_app_partner.client import PartnerClient
from providers.mini_app_partner.packages import LARGEST


class ActionForm(forms.Form):
    """`title` names it, `text` says what will happen. `call` raises ValueError naming the field."""

    title: Any = ""
    text: Any = ""

    def call(self, client: PartnerClient, app_id: str) -> Call:
        """Return the call that does it."""
        raise NotImplementedError


def _text(label: Any, *, required: bool = True, help_text: Any = "") -> forms.CharField:
    return forms.CharField(label=label, required=required, help_text=help_text, widget=UnfoldAdminTextInputWidget)


def _long(label: Any, *, required: bool = True, help_text: Any = "") -> forms.CharField:
    return forms.CharField(label=label, required=required, help_text=help_text, widget=UnfoldAdminTextareaWidget)


class CreateForm(ActionForm):
    title = _("Create a Mini App")
    text = _("Zalo makes the Mini App at once. Its name cannot be given twice.")
    appName = _text(_("Name"), help_text=_("3 to 50 characters."))
    appDescription = _long(_("Description"), help_text=_("20 to 500 characters."))
    appCategory = forms.ChoiceField(
        label=_("Category"), choices=[(name, name) for name in sorted(CATEGORIES)], widget=UnfoldAdminSelectWidget
    )
    appLogoUrl = _text(_("Address of the logo"))
    zaloAppId = _text(_("Zalo App id"), required=False, help_text=_("Empty: a Zalo App is made for it."))

    def call(self, client: PartnerClient, app_id: str) -> Call:
        given = self.cleaned_data
        app = NewMiniApp(
            app_name=given["appName"],
            app_description=given["appDescription"],
            app_category=given["appCategory"],
            app_logo_url=given["appLogoUrl"],
            zalo_app_id=given["zaloAppId"],
        )
        return client.calls.create(app)


class DeployForm(ActionForm):
    title = _("Deploy a package")
    text = _("The package becomes a new version for testing. Nothing that is published changes.")
    name = _text(_("Name of the version"))
    description = _long(_("What is new"))
    file = forms.FileField(
        label=_("Package"),
        help_text=_("A zip with the files at its root, at most 10 MB."),
        widget=UnfoldAdminFileFieldWidget,
    )

    def call(self, client: PartnerClient, app_id: str) -> Call:
        given = self.cleaned_data
        if given["file"].size > LARGEST:
            raise ValueError(f"file: the package is over {LARGEST >> 20} MB")
        return client.calls.deploy(app_id, given["name"], given["description"], given["file"].read())


class _VersionForm(ActionForm):
    versionId = forms.IntegerField(label=_("Version"), min_value=1, widget=UnfoldAdminIntegerFieldWidget)


class RequestPublishForm(_VersionForm):
    title = _("Ask for a review")
    text = _("Zalo reviews a version that was tested; an event tells the end.")
    description = _long(_("What the reviewers should know"))

    def call(self, client: PartnerClient, app_id: str) -> Call:
        return client.calls.request_publish(app_id, self.cleaned_data["versionId"], self.cleaned_data["description"])


class PublishForm(_VersionForm):
    title = _("Publish a version")
    text = _("Everybody who opens the Mini App gets this version at once, in place of the one that is published.")
    confirmed = forms.BooleanField(label=_("I want this version to be published now."))

    def call(self, client: PartnerClient, app_id: str) -> Call:
        return client.calls.publish(app_id, self.cleaned_data["versionId"])


class PermissionsForm(ActionForm):
    title = _("Ask for permissions")
    text = _("Zalo passes over permissions that it does not know: the answer lists those that were asked for.")
    permissions = _long(_("Permissions"), help_text=_("One a line: id=text that asks the person."))
    note = _long(_("What the reviewers should know"), required=False)

    def call(self, client: PartnerClient, app_id: str) -> Call:
        lines = [line.partition("=") for line in self.cleaned_data["permissions"].splitlines() if line.strip()]
        pairs = [(name.strip(), text.strip()) for name, _equals, text in lines]
        return client.calls.request_permissions(app_id, pairs, self.cleaned_data["note"])


class PaymentSettingForm(ActionForm):
    title = _("Set payment addresses")
    text = _("Zalo calls these addresses about payments from now on; an empty field changes nothing.")
    callbackUrl = _text(_("Address for payments"), required=False)
    sandboxCallbackUrl = _text(_("Address for trial payments"), required=False)

    def call(self, client: PartnerClient, app_id: str) -> Call:
        given = self.cleaned_data
        return client.payments.change_setting(app_id, given["callbackUrl"], given["sandboxCallbackUrl"])


class PaymentChannelForm(ActionForm):
    title = _("Add a payment channel")
    text = _("The Mini App can be paid by it as soon as its status is ACTIVE. Keys are never shown again here.")
    fields_json = _long(_("Fields"), help_text=_('As JSON, such as {"method": "COD", "status": "INACTIVE", …}.'))

    def call(self, client: PartnerClient, app_id: str) -> Call:
        try:
            found = json.loads(self.cleaned_data["fields_json"])
        except ValueError:
            found = None
        if not isinstance(found, dict):
            raise ValueError("fields_json: is one JSON object")
        return client.payments.create(app_id, found)


FORMS: Final = {
    "create": CreateForm,
    "deploy": DeployForm,
    "request-publish": RequestPublishForm,
    "publish": PublishForm,
    "request-permission": PermissionsForm,
    "payment-setting": PaymentSettingForm,
    "add-payment-channel": PaymentChannelForm,
}
"""Action -> what it asks for; named like those of `manage.py mini_app`."""
