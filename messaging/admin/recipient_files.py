"""CSV files of persons in the admin: taken in with a report, handed out to those who may see numbers in clear."""

import csv
import io
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import structlog
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.utils.translation import gettext

from messaging.admin.recipient_forms import ImportForm, form_page
from messaging.models import RecipientMark
from messaging.recipients.files import COLUMNS, Imported, Unreadable, export_marks, import_suppressions
from tenants.admin.scoping import OPERATORS, is_superuser, tenants_with
from tenants.models import Member, Tenant

if TYPE_CHECKING:
    from messaging.admin.recipients import RecipientMarkAdmin

log = structlog.get_logger("audit")


def import_page(page: "RecipientMarkAdmin", request: HttpRequest) -> HttpResponse:
    """Take a file in and show what became of it, or ask for one."""
    mine = None if is_superuser(request) else tenants_with(request, OPERATORS)
    form = ImportForm(mine, request.POST or None, request.FILES or None)
    imported: Imported | None = None
    if form.is_valid():
        lines = io.TextIOWrapper(form.cleaned_data["file"].file, encoding="utf-8", newline="")
        try:
            imported = import_suppressions(form.cleaned_data["tenant"], lines)
        except Unreadable as error:
            form.add_error("file", str(error))
        else:
            text = gettext("%(taken)d rows were taken, %(left_out)d left out.")
            messages.info(request, text % {"taken": imported.taken, "left_out": imported.left_out})
        finally:
            lines.detach()
    text = gettext("The first row names the columns: %(columns)s. Only “to”, the phone number, is needed.")
    return form_page(
        page,
        request,
        form,
        title=gettext("Import opt-outs"),
        text=text % {"columns": ", ".join(COLUMNS)},
        button=gettext("Import"),
        bad=imported.bad if imported else (),
    )


def revealing(request: HttpRequest) -> list[int]:
    """Return the ids of the tenants whose numbers the user may see in clear."""
    if is_superuser(request):
        return list(Tenant.objects.values_list("pk", flat=True))
    return list(Member.objects.filter(user=request.user.pk, may_reveal=True).values_list("tenant_id", flat=True))


def exported(request: HttpRequest) -> StreamingHttpResponse:
    """Return every mark of the tenants whose numbers the user may see, as a CSV file, row by row. It is noted.

    Raises PermissionDenied where there are none.
    """
    tenant_ids = revealing(request)
    if not tenant_ids:
        raise PermissionDenied
    log.info("recipients.exported", tenants=tenant_ids, by=request.user.get_username())
    rows = RecipientMark.objects.filter(tenant__in=tenant_ids).order_by("tenant", "pk")
    answer = StreamingHttpResponse(_lines(rows.iterator(chunk_size=1000)), content_type="text/csv; charset=utf-8")
    answer.headers["Content-Disposition"] = 'attachment; filename="recipients-not-to-send-to.csv"'
    answer.headers["Cache-Control"] = "no-store"
    return answer


class _Echo:
    """A file for csv.writer that gives back what is written."""

    def write(self, text: str) -> str:
        return text


def _lines(rows: Iterator[RecipientMark]) -> Iterator[str]:
    writer: Any = csv.writer(_Echo())
    yield "\ufeff"  # spreadsheets take the file for UTF-8 by it
    for row in export_marks(rows):
        yield writer.writerow(row)
