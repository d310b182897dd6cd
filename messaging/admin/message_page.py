"""The page of one message: where it stands, what happened and why, and the buttons that are left."""

from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _

from messaging.admin.sentences import line, reason, waiting
from messaging.admin.showing import COLOURS, moment
from messaging.content import mask_phone
from messaging.explain.waiting import waiting_for
from messaging.intake.cancel import Refusal, cancel
from messaging.models import Message
from messaging.queries.messages import MessageView, read_message
from messaging.queries.reveal import note_reveal
from messaging.queries.timeline import legs_of, timeline_of
from messaging.states import MessageClass, State
from tenants.admin.scoping import may_reveal
from tenants.models import Route

if TYPE_CHECKING:
    from messaging.admin.messages import MessageAdmin


def page(admin: "MessageAdmin", request: HttpRequest, row: Message, *, reveal: bool = False) -> HttpResponse:
    """Return the page, with `reveal` number and values in clear. The admin lets no page be stored anywhere."""
    message = _read(row)
    zone = row.tenant.time_zone
    context = admin.admin_site.each_context(request) | {
        "title": _("Message"),
        "opts": admin.opts,
        "original": row,
        "state": message.state.label,
        "colour": COLOURS[message.state],
        "reason": reason(message.reason) or _waits_for(message, zone),
        "facts": _facts(message, row, reveal),
        "values": _values(message, reveal),
        "lines": _lines(message, zone),
        "legs": _legs(message, zone),
        "zone": zone,
        "revealed": reveal,
        "may_reveal": not reveal and message.recipient is not None and may_reveal(request, row.tenant_id),
        "may_cancel": message.state is State.QUEUED
        and message.ended_at is None
        and admin.has_use_permission(request, row),
    }
    return TemplateResponse(request, "messaging/message.html", context)


def revealed(admin: "MessageAdmin", request: HttpRequest, row: Message | None) -> HttpResponse:
    """Note who looks, then show the page in clear. Raises Http404 or PermissionDenied."""
    if row is None:
        raise Http404
    if not may_reveal(request, row.tenant_id):
        raise PermissionDenied
    note_reveal(_read(row), request.user.get_username())
    return page(admin, request, row, reveal=True)


def cancelled(admin: "MessageAdmin", request: HttpRequest, row: Message | None) -> HttpResponse:
    """Cancel the message if it has not left and go back to its page. Raises Http404 or PermissionDenied."""
    if row is None:
        raise Http404
    if not admin.has_use_permission(request, row):
        raise PermissionDenied
    refusal = cancel(row.tenant_id, row.pk, request.user.get_username())
    if refusal is None:
        messages.success(request, _("The message is cancelled."))
    elif refusal is Refusal.ENDED:
        messages.warning(request, _("The message has ended already; nothing was changed."))
    else:
        messages.warning(request, _("The message has left already; nothing was changed."))
    return redirect("admin:messaging_message_change", row.pk)


def _read(row: Message) -> MessageView:
    message = read_message(row.tenant_id, row.pk)
    if message is None:
        raise Http404
    return message


def _waits_for(message: MessageView, zone: str) -> str:
    """Return why a message does not go on now, empty where it has ended."""
    found = waiting_for(message)
    return waiting(found, zone) if found is not None else ""


def _facts(message: MessageView, row: Message, reveal: bool) -> list[tuple[str, str]]:
    """Return label and value, what is empty left out."""
    zone, phone = row.tenant.time_zone, message.phone()
    to = _("erased") if phone is None else phone if reveal else mask_phone(phone)
    route = Route.objects.filter(pk=message.route_id, tenant_id=message.tenant_id).first()
    facts = [
        (_("Recipient"), to),
        (_("Template"), _template(row, message)),
        (_("Class"), str(MessageClass(message.message_class).label)),
        (_("Route"), route.name if route else ""),
        (_("Tenant"), row.tenant.name),
        (_("Accepted"), moment(message.accepted_at, zone)),
        (_("To be sent"), moment(message.send_at, zone) if message.send_at else ""),
        (_("Valid until"), moment(message.expires_at, zone)),
        (_("Ended"), moment(message.ended_at, zone) if message.ended_at else ""),
        (_("Message id"), message.id.hex),
        (_("Own id"), message.client_id or ""),
        (_("Reference"), message.reference or ""),
        (_("Entity"), message.entity_id or ""),
        (_("Application"), message.application_id or ""),
        (_("Test"), _("yes: it went to the sandbox") if message.test else ""),
    ]
    return [(label, value) for label, value in facts if value]


def _template(row: Any, message: MessageView) -> str:
    name = getattr(row, "template_name", None)
    return f"{name} ({message.template_code})" if name else message.template_code or ""


def _values(message: MessageView, reveal: bool) -> list[tuple[str, str]] | None:
    """Return name and value of each part of the content, the values hidden unless revealed; None where erased."""
    values = message.said()
    if values is None:
        return None
    return [(name, value if reveal else "•••") for name, value in values.items()]


def _lines(message: MessageView, zone: str) -> list[dict[str, Any]]:
    start = message.accepted_at
    return [
        {
            "at": moment(event.at, zone),
            "after": f"+{(event.at - start).total_seconds():.3f} s" if event.at != start else "",
            "line": line(event, zone),
        }
        for event in timeline_of(message)
    ]


def _legs(message: MessageView, zone: str) -> list[dict[str, Any]]:
    return [
        {
            "leg": leg,
            "state": leg.state.label,
            "colour": COLOURS[leg.state],
            "reason": reason(leg.reason),
            "sent": moment(leg.sent_at, zone),
            "delivered": moment(leg.delivered_at, zone),
            "cost": f"{leg.cost.normalize():f} {leg.currency}" if leg.cost is not None else "—",
        }
        for leg in legs_of(message)
    ]
