"""Persons: what is kept of them, and how to forget them."""

from django.http import HttpResponse
from rest_framework.request import Request

from gateway.api.keys import principal
from gateway.api.query import known_only
from gateway.api.recipient_shapes import ErasedOut, Lifted, RecipientOut
from gateway.api.schema import describe, parameter
from gateway.api.suppressions import shown
from gateway.api.view import ApiView, reply
from messaging.intake.errors import Findings
from messaging.models import RecipientMark
from messaging.phones import normalise
from messaging.recipients import erasing, marks
from tenants.models import ApiKey

Scope = ApiKey.Scope


class Recipient(ApiView):
    """One person."""

    scopes = {"GET": Scope.SUPPRESSIONS_READ}

    @describe("getRecipient", {200: RecipientOut}, problems=(422,))
    def get(self, request: Request, phone: str) -> HttpResponse:
        """Tell why a person is not sent to: opt-outs, and refusals that are remembered until they expire."""
        known_only(request.GET)
        tenant_id, number = principal(request).tenant_id, _number(phone)
        rows = marks.holding(tenant_id).filter(recipient_hash=marks.hash_of(tenant_id, number))
        return reply(RecipientOut(to=number, marks=shown(list(rows.order_by("-pk")))))


class Memory(ApiView):
    """What refusals taught about a person."""

    scopes = {"DELETE": Scope.SUPPRESSIONS_WRITE}

    @describe("forgetRefusals", {200: Lifted}, problems=(422,))
    def delete(self, request: Request, phone: str) -> HttpResponse:
        """Forget the refusals: the next message is tried again. Opt-outs stay."""
        known_only(request.GET)
        number = _number(phone)
        return reply(Lifted(count=marks.lift(principal(request).tenant_id, number, RecipientMark.Kind.MEMORY)))


class Erasure(ApiView):
    """Erasing a person."""

    scopes = {"POST": Scope.ERASE}

    @describe(
        "eraseRecipient",
        {200: ErasedOut},
        problems=(422,),
        parameters=[parameter("dryRun", "true: only count.", bool)],
    )
    def post(self, request: Request, phone: str) -> HttpResponse:
        """Stop what is queued for the person and erase them from every stored message, for good. Opt-outs stay."""
        known_only(request.GET, "dryRun")
        caller, number = principal(request), _number(phone)
        dry_run = request.GET.get("dryRun") == "true"
        if dry_run:
            erased = erasing.count_person(caller.tenant_id, number)
        else:
            erased = erasing.erase_person(caller.tenant_id, number, by=f"API key {caller.key_id}")
        return reply(ErasedOut(stopped=erased.stopped, messages=erased.messages, dry_run=dry_run))


def _number(text: str) -> str:
    """Return the number in a path (E.164 without the plus). Raises Refused."""
    # Logs know a number in a path only where nothing stands between its digits.
    number = normalise(text) if text.removeprefix("+").isdigit() else None
    if number is None:
        findings = Findings()
        findings.add("phone", "invalid", "phone must be a phone number.")
        findings.raise_if_any()
    return number or ""
