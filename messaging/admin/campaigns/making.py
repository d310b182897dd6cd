"""The two steps to a draft: template and file, then columns and options."""

from typing import TYPE_CHECKING
from urllib.parse import urlencode

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from messaging.admin.campaigns.forms import SetUpForm, UploadForm
from messaging.admin.recipient_forms import form_page
from messaging.campaigns.creating import create
from messaging.campaigns.errors import Unreadable
from messaging.campaigns.files import store_file
from messaging.intake.errors import Refused
from messaging.models import RecipientFile, Template
from tenants.admin.scoping import is_superuser, tenants_with

if TYPE_CHECKING:
    from messaging.admin.campaigns.listing import CampaignAdmin


def upload(page: "CampaignAdmin", request: HttpRequest) -> HttpResponse:
    """Ask for template and file, store the file and go on to the second step."""
    templates = Template.objects.select_related("tenant").order_by("tenant__name", "name")
    if not is_superuser(request):
        templates = templates.filter(tenant__in=tenants_with(request, page.use_roles))
    form = UploadForm(templates, request.POST or None, request.FILES or None)
    if form.is_valid():
        template, given = form.cleaned_data["template"], form.cleaned_data["file"]
        try:
            file = store_file(template.tenant_id, given.name, given.file)
        except Unreadable as error:
            form.add_error("file", str(error))
        else:
            query = urlencode({"template": template.pk, "name": form.cleaned_data["name"]})
            return redirect(f"{reverse('admin:messaging_campaign_set_up', args=[file.pk])}?{query}")
    return form_page(
        page,
        request,
        form,
        title=_("New campaign"),
        text=_("Everybody in the file gets one message of the template. Nothing is sent before you start it."),
        button=_("Go on"),
    )


def set_up(page: "CampaignAdmin", request: HttpRequest, file_id: int) -> HttpResponse:
    """Ask which column holds what and how to send, and make the draft. Raises Http404, PermissionDenied."""
    file = RecipientFile.objects.select_related("tenant").filter(pk=file_id).first()
    code = request.GET.get("template", "")
    template = Template.objects.filter(pk=int(code) if code.isdigit() else 0).first()
    if file is None or template is None or template.tenant_id != file.tenant_id:
        raise Http404
    if not page.allows(request, file, page.use_roles):
        raise PermissionDenied
    name = request.GET.get("name", "")[:200] or file.name
    form = SetUpForm(file, template, name, request.POST or None)
    if form.is_valid():
        try:
            by = request.user.get_username()
            campaign = create(file.tenant_id, form.wanted(), file, by, test=form.cleaned_data["test"])
        except Refused as refused:
            for error in refused.errors:
                form.refuse(error.field, error.message)
        else:
            return redirect("admin:messaging_campaign_change", campaign.pk)
    text = _("%(file)s has %(rows)d rows. Say which column holds what; times are those of %(zone)s.")
    return form_page(
        page,
        request,
        form,
        title=name,
        text=text % {"file": file.name, "rows": file.rows, "zone": file.tenant.time_zone},
        button=_("Make a draft"),
    )
