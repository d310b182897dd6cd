"""Sending and reading messages."""

import re

from django.http import Http404, HttpResponse
from rest_framework.request import Request

from gateway.api.keys import principal, require_scope
from gateway.api.present import detail
from gateway.api.problems import Problem
from gateway.api.shapes import AcceptedBulk, AcceptedMessage
from gateway.api.status import STATUSES
from gateway.api.view import ApiView, raw_body, reply
from messaging.intake.accept import Accepted, accept
from messaging.intake.idempotency import accept_once
from messaging.queries.messages import find_message
from messaging.states import State
from tenants.models import ApiKey

Scope = ApiKey.Scope
_KEY = re.compile(r"[\x21-\x7e]{1,255}")
_QUEUED = STATUSES[State.QUEUED]


class Messages(ApiView):
    """POST sends; GET lists."""

    scopes = {"POST": Scope.SEND, "GET": Scope.READ}

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


class Message(ApiView):
    """One message."""

    scopes = {"GET": Scope.READ}

    def get(self, request: Request, message_id: str) -> HttpResponse:
        """Return the message with its legs and timeline."""
        caller = principal(request)
        reveal = request.GET.get("reveal") == "true"
        if reveal:
            require_scope(request, Scope.REVEAL)
        message = find_message(caller.tenant_id, message_id)
        if message is None:
            raise Http404
        return reply(detail(message, reveal=reveal))


def _checked(key: str) -> str:
    if not _KEY.fullmatch(key):
        detail = "An Idempotency-Key has 1 to 255 visible ASCII characters."
        raise Problem(400, "bad-idempotency-key", "Bad Idempotency-Key", detail)
    return key


def _shown(accepted: Accepted) -> AcceptedBulk:
    return AcceptedBulk(
        bulk_id=accepted.bulk_id.hex,
        messages=[
            AcceptedMessage(message_id=message_id, to=to, state="queued", final=False, status=_QUEUED)
            for message_id, to in zip(accepted.message_ids, accepted.recipients, strict=True)
        ],
    )
