"""The page of one contact: what is known of the person, what was said, and the answer."""

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any, Final

import structlog
from django.conf import settings
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _

from messaging.admin.answer_form import REASONS, AnswerForm
from messaging.admin.showing import COLOURS as STATE_COLOURS
from messaging.admin.showing import moment
from messaging.chat.answering import what_forbids
from messaging.chat.profiles import Profile, Said, person_key, profile_of, said_in
from messaging.content import mask_phone
from messaging.models import ChatLine, Contact, Message
from messaging.recipients.erasing import erase_person
from messaging.states import State
from providers.oa.windows import Window, window
from tenants import clock
from tenants.admin.scoping import OWNERS, may_reveal

if TYPE_CHECKING:
    from messaging.admin.contacts import ContactAdmin

MOST_LINES: Final = 200
HIDDEN: Final = "•••"
COLOURS: Final = {"free": "success", "billed": "warning", "closed": "danger", "withdrawn": "danger", "unknown": "info"}
CHANGE: Final = "admin:messaging_contact_change"
log = structlog.get_logger("audit")


def page(
    admin: "ContactAdmin", request: HttpRequest, row: Contact, *, reveal: bool = False, form: AnswerForm | None = None
) -> HttpResponse:
    """Return the page, with `reveal` the person and what was said in clear."""
    profile, zone, now = profile_of(row), zone_of(row), clock.now()
    state, label = window_label(row, now)
    may_answer = admin.has_use_permission(request, row) and row.tenant_id is not None and profile is not None
    forbidden = what_forbids(row) if may_answer else None
    context = admin.admin_site.each_context(request) | {
        "title": _("Contact"),
        "opts": admin.opts,
        "original": row,
        "name": _name(profile, reveal),
        "window": label,
        "colour": COLOURS[state],
        "facts": _facts(row, profile, zone, reveal),
        "lines": _lines(row, zone, reveal),
        "kept": settings.CHATS_KEPT.days,
        "zone": zone,
        "forbidden": REASONS[forbidden] if forbidden else "",
        "form": (form or AnswerForm(row)) if may_answer else None,
        "may_reveal": not reveal and profile is not None and may_reveal(request, row.tenant_id),
        "may_erase": profile is not None and row.tenant_id is not None and admin.allows(request, row, OWNERS),
    }
    return TemplateResponse(request, "messaging/conversation.html", context)


def revealed(admin: "ContactAdmin", request: HttpRequest, row: Contact | None) -> HttpResponse:
    """Note who looks, then show the page in clear. Raises Http404 or PermissionDenied."""
    if row is None:
        raise Http404
    if not may_reveal(request, row.tenant_id):
        raise PermissionDenied
    admin.log_change(request, row, _("Looked at in clear."))
    log.info("conversation.revealed", tenant=row.tenant_id, contact=row.pk, by=request.user.get_username())
    return page(admin, request, row, reveal=True)


def answered(admin: "ContactAdmin", request: HttpRequest, row: Contact | None) -> HttpResponse:
    """Send the answer and go back to the page; show it with what is wrong. Raises Http404 or PermissionDenied."""
    if row is None:
        raise Http404
    if not admin.has_use_permission(request, row):
        raise PermissionDenied
    form = AnswerForm(row, request.POST)
    message_id = form.send() if form.is_valid() else None
    if message_id is None:
        return page(admin, request, row, form=form)
    messages.success(request, _("The message is accepted; this page tells what becomes of it."))
    return redirect("admin:messaging_message_change", message_id)


def erased(admin: "ContactAdmin", request: HttpRequest, row: Contact | None) -> HttpResponse:
    """Erase the person, by their number too where they gave it. Raises Http404 or PermissionDenied."""
    if row is None:
        raise Http404
    profile = profile_of(row)
    if row.tenant_id is None or not admin.allows(request, row, OWNERS):
        raise PermissionDenied
    if profile is not None:
        for person in (person_key(profile.user_id), profile.phone):
            if person:
                erase_person(row.tenant_id, person, by=request.user.get_username())
    messages.success(request, _("The person is erased."))
    return redirect(CHANGE, row.pk)


def zone_of(row: Contact) -> str:
    """Return the zone in which the contact's tenant reads times."""
    return row.tenant.time_zone if row.tenant else settings.TIME_ZONE


def initials(name: str) -> str:
    """Return what everybody may see of a name."""
    return " ".join(f"{part[0]}." for part in name.split()) or "—"


def window_label(row: Contact, now: datetime) -> tuple[str, str]:
    """Return which window the contact is in at `now` (aware), as a word of `COLOURS` and in the reader's language."""
    if row.withdrawn:
        return "withdrawn", _("consent withdrawn")
    if row.last_interaction_at is None:
        return "unknown", _("not known")
    found = window(row.last_interaction_at, now)
    words = {Window.FREE: _("free of charge"), Window.BILLED: _("charged"), Window.CLOSED: _("window closed")}
    return found.value, words[found]


def _name(profile: Profile | None, reveal: bool) -> str:
    if profile is None:
        return _("erased")
    return (profile.name or "—") if reveal else initials(profile.name)


def _facts(row: Contact, profile: Profile | None, zone: str, reveal: bool) -> list[tuple[str, str]]:
    """Return label and value, what is empty left out."""
    phone, user_id = (profile.phone, profile.user_id) if profile else ("", "")
    facts = [
        (_("Account"), str(row.account)),
        (_("User id"), user_id if reveal or not user_id else mask_phone(user_id)),
        (_("Phone number"), phone if reveal or not phone else mask_phone(phone)),
        (_("Follows since"), moment(row.followed_at, zone) if row.follows else ""),
        (_("Followed until"), moment(row.unfollowed_at, zone) if row.unfollowed_at and not row.follows else ""),
        (_("Last interaction"), moment(row.last_interaction_at, zone)),
        (_("Consent withdrawn"), moment(row.withdrawn_at, zone) if row.withdrawn else ""),
        (_("Erased"), moment(row.erased_at, zone) if row.erased_at else ""),
        (_("Tenant"), row.tenant.name if row.tenant else ""),
    ]
    details = profile.details if profile and reveal else {}
    given = [(name, value) for name, value in details.items() if isinstance(value, str) and value and name != "phone"]
    return [(label, value) for label, value in [*facts, *given] if value]


def _lines(row: Contact, zone: str, reveal: bool) -> list[dict[str, Any]]:
    newest = list(ChatLine.objects.filter(contact=row).order_by("-at", "-pk")[:MOST_LINES])
    ids = [line.message_id for line in newest if line.message_id]
    states = dict(Message.objects.filter(pk__in=ids, tenant=row.tenant_id).values_list("pk", "state"))
    return [_line(line, states, zone, reveal) for line in reversed(newest)]


def _line(line: ChatLine, states: dict[Any, int], zone: str, reveal: bool) -> dict[str, Any]:
    said = said_in(line) if reveal else None
    state = State(states[line.message_id]) if line.message_id in states else None
    return {
        "inbound": line.inbound,
        "who": _("The person") if line.inbound else _("Zalo's console") if line.by_person else _("We"),
        "kind": "" if line.kind == "text" else line.kind,
        "at": moment(line.at, zone),
        "text": said.text if said else HIDDEN,
        "attachments": _attachments(said) if said else (),
        "message_id": line.message_id,
        "state": str(state.label) if state else "",
        "colour": STATE_COLOURS[state] if state else "",
    }


def _attachments(said: Said) -> Sequence[list[tuple[str, str]]]:
    return [[(name, value) for name, value in one.items() if name != "type"] for one in said.attachments]
