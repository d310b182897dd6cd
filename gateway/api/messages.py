"""Sending, reading and cancelling messages."""

import re
from datetime import datetime
from typing import Any

from django.http import Http404, HttpResponse
from rest_framework.request import Request

from gateway.api.examples import ACCEPTED, SEND
from gateway.api.keys import principal, require_scope
from gateway.api.present import detail, summary
from gateway.api.problems import Problem
from gateway.api.query import known_only, next_path, read_filters
from gateway.api.schema import describe, parameter
from gateway.api.shapes import AcceptedBulk, AcceptedMessage, MessageDetail, MessagePage, SmsParts
from gateway.api.status import STATUSES
from gateway.api.view import ApiView, raw_body, reply
from messaging.intake.accept import Accepted, accept
from messaging.intake.cancel import Refusal, cancel
from messaging.intake.idempotency import accept_once
from messaging.intake.request import SendRequest
from messaging.queries.listing import list_messages
from messaging.queries.messages import MessageView, find_message, resolve_id
from messaging.queries.reveal import note_reveal
from messaging.states import State
from tenants.models import ApiKey
from tenants.texts.length import Length

Scope = ApiKey.Scope
_KEY = re.compile(r"[\x21-\x7e]{1,255}")
_QUEUED = STATUSES[State.QUEUED]
FILTERS = [
    parameter("state", f"One of {', '.join(state.word for state in State)}."),
    parameter("bulkId", "The messages of one call, oldest first."),
    parameter("to", "The recipient's phone number."),
    parameter("reference", "The reference given with the message."),
    parameter("entityId", "The entity given with the call."),
    parameter("acceptedFrom", "Accepted at this time or later.", datetime),
    parameter("acceptedTo", "Accepted before this time.", datetime),
    parameter("limit", "Messages a page, 1 to 1000; 100 if not given.", int),
    parameter("after", "Where the page starts; part of `next`."),
]
_WHY = {
    Refusal.ENDED: "The message has ended; nothing is left to cancel.",
    Refusal.LEFT: "The message has left; it cannot be taken back.",
}


class Messages(ApiView):
    """POST sends; GET lists."""

    scopes = {"POST": Scope.SEND, "GET": Scope.READ}

    @describe(
        "sendMessages",
        {202: AcceptedBulk},
        takes=SendRequest,
        problems=(400, 409, 413, 422),
        parameters=[
            parameter("Idempotency-Key", "The same key and body are accepted once in 48 hours.", where="header")
        ],
        examples=[SEND, ACCEPTED],
    )
    def post(self, request: Request) -> HttpResponse:
        """Accept 1 to 10,000 messages, all or none."""
        caller = principal(request)
        test = caller.mode == ApiKey.Mode.TEST
        body = raw_body(request)
        key = request.META.get("HTTP_IDEMPOTENCY_KEY")
        if key is None:
            accepted = accept(caller.tenant_id, body, test=test)
        else:
            accepted = accept_once(caller.tenant_id, body, _checked(key), test=test)
        return reply(_shown(accepted), 202, {"Idempotent-Replayed": "true"} if accepted.replayed else None)

    @describe("listMessages", {200: MessagePage}, problems=(422,), parameters=FILTERS)
    def get(self, request: Request) -> HttpResponse:
        """List messages: oldest first within a bulk, else newest first."""
        tenant_id = principal(request).tenant_id
        filters, limit = read_filters(request.GET, tenant_id)
        page = list_messages(tenant_id, filters, limit)
        after = next_path(request.path, request.GET, page.last.hex if page.last else None)
        return reply(MessagePage(messages=[summary(message) for message in page.messages], next=after))


class Message(ApiView):
    """One message."""

    scopes = {"GET": Scope.READ}

    @describe(
        "getMessage",
        {200: MessageDetail},
        problems=(404, 422),
        parameters=[parameter("reveal", "true: show in clear.", bool)],
    )
    def get(self, request: Request, message_id: str) -> HttpResponse:
        """Return the message with its legs and timeline; `?reveal=true` shows number and values, and is noted."""
        caller = principal(request)
        known_only(request.GET, "reveal")
        reveal = request.GET.get("reveal") == "true"
        if reveal:
            require_scope(request, Scope.REVEAL)
        message = _found(caller.tenant_id, message_id)
        if reveal:
            note_reveal(message, f"API key {caller.key_id}")
        return reply(detail(message, reveal=reveal))


class Cancellation(ApiView):
    """Taking a message back before it leaves."""

    scopes = {"POST": Scope.SEND}

    @describe("cancelMessage", {200: MessageDetail}, problems=(404, 409))
    def post(self, request: Request, message_id: str) -> HttpResponse:
        """Cancel the message. 409 where it has left or ended."""
        caller = principal(request)
        id = resolve_id(caller.tenant_id, message_id)
        refusal = cancel(caller.tenant_id, id, f"API key {caller.key_id}") if id else Refusal.NOT_FOUND
        if refusal is Refusal.NOT_FOUND:
            raise Http404
        if refusal is not None:
            raise Problem(409, refusal.lower().replace("_", "-"), "Cannot be cancelled", _WHY[refusal])
        return reply(detail(_found(caller.tenant_id, message_id)))


def _found(tenant_id: int, text: str) -> MessageView:
    message = find_message(tenant_id, text)
    if message is None:
        raise Http404
    return message


def _checked(key: str) -> str:
    if not _KEY.fullmatch(key):
        detail = "An Idempotency-Key has 1 to 255 visible ASCII characters."
        raise Problem(400, "bad-idempotency-key", "Bad Idempotency-Key", detail)
    return key


def _shown(accepted: Accepted) -> AcceptedBulk:
    texts = accepted.texts or [None] * len(accepted.message_ids)
    return AcceptedBulk(
        bulk_id=accepted.bulk_id.hex,
        messages=[
            AcceptedMessage(message_id=message_id, to=to, state="queued", final=False, status=_QUEUED, **_told_of(sms))
            for message_id, to, sms in zip(accepted.message_ids, accepted.recipients, texts, strict=True)
        ],
    )


def _told_of(sms: Length | None) -> dict[str, Any]:
    """Return what is told of the SMS that follows a message."""
    if sms is None:
        return {}
    told: dict[str, Any] = {"sms": SmsParts(encoding=sms.parts.encoding, parts=sms.parts.count)}
    if sms.dearer:
        told["warnings"] = [
            f"The SMS takes {sms.parts.count} parts because of its diacritics; {sms.bare_parts} without "
            "(removeDiacritics)."
        ]
    return told
