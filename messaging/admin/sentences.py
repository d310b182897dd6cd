"""What each line of a timeline says to a person."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, Final, NamedTuple

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from messaging.admin.showing import moment
from messaging.explain.waiting import Waiting
from messaging.queries.timeline import EventView


class Line(NamedTuple):
    """One line: an icon and colour of the theme, a sentence, and what may follow it."""

    icon: str
    colour: str
    text: str
    cause: str = ""
    advice: str = ""


class _Kind(NamedTuple):
    icon: str
    colour: str
    text: Any


KINDS: Final[Mapping[str, _Kind]] = {
    "accepted": _Kind("inbox", "info", gettext_lazy("The gateway accepted the message.")),
    "sent": _Kind("send", "primary", gettext_lazy("The provider accepted the message.")),
    "retry": _Kind("replay", "warning", gettext_lazy("The provider could not take it now; it is tried again.")),
    "held": _Kind("pause", "warning", gettext_lazy("It waits: sending cannot go on for now.")),
    "failover": _Kind("alt_route", "primary", gettext_lazy("It goes on over the next channel of its route.")),
    "refused": _Kind("block", "danger", gettext_lazy("The provider refused it.")),
    "rejected": _Kind("block", "danger", gettext_lazy("The provider refused it for good.")),
    "not_sent": _Kind("cloud_off", "warning", gettext_lazy("The provider was not reached; it is tried again.")),
    "unknown": _Kind(
        "help", "warning", gettext_lazy("The provider's answer was lost: it may have the message. A receipt decides.")
    ),
    "resend": _Kind(
        "replay", "warning", gettext_lazy("The provider's answer was lost; it is sent again, as the tenant chose.")
    ),
    "delivered": _Kind("mark_email_read", "success", gettext_lazy("The message reached the phone.")),
    "seen": _Kind("visibility", "success", gettext_lazy("The person opened the message.")),
    "expired": _Kind("timer_off", "warning", gettext_lazy("Its time was over before it was known to have arrived.")),
    "failed": _Kind("error", "danger", gettext_lazy("It could not be delivered.")),
    "undeliverable": _Kind("error", "danger", gettext_lazy("The provider reported that it could not be delivered.")),
    "cancelled": _Kind("cancel", "default", gettext_lazy("It was cancelled before it left.")),
    "erased": _Kind("person_remove", "default", gettext_lazy("The person was erased from it.")),
    "revealed": _Kind("lock_open", "default", gettext_lazy("Somebody looked at number and content in clear.")),
}
REASONS: Final[Mapping[str, Any]] = {
    "OPT_OUT": gettext_lazy("The person wants no messages."),
    "UNFOLLOWED": gettext_lazy("The person no longer follows the official account."),
    "CONSENT_WITHDRAWN": gettext_lazy("The person withdrew their consent."),
    "RECIPIENT": gettext_lazy("The recipient cannot be reached on this channel."),
    "MESSAGE": gettext_lazy("The message does not fit what the provider takes."),
    "CONFIGURATION": gettext_lazy("The set-up of the channel or template is not in order."),
    "QUOTA": gettext_lazy("The provider's quota is used up."),
    "TRANSIENT": gettext_lazy("The provider had a passing fault."),
    "TOKEN": gettext_lazy("The access token was refused."),
    "NOT_SENT": gettext_lazy("No connection could be made."),
    "OUTCOME_UNKNOWN": gettext_lazy("Nothing tells whether the provider has sent it."),
    "WORKER_LOST": gettext_lazy("A worker ended while the call was under way."),
    "NO_RECEIPT": gettext_lazy("No receipt came in time."),
    "RETRIES_USED_UP": gettext_lazy("All tries were used up."),
    "REPORTED_FAILED": gettext_lazy("The provider reported a failure."),
    "VALIDITY_ENDED": gettext_lazy("Its validity ended while it waited."),
    "CANCELLED": gettext_lazy("It was cancelled."),
    "RECIPIENT_REMEMBERED": gettext_lazy("It was not tried: the number was refused before, and that is remembered."),
    "SUPPRESSED": gettext_lazy("The person does not want such messages."),
    "PROMOTION_CAP": gettext_lazy("The person has had as many promotions as the tenant allows."),
    "QUOTA_EXCEEDED": gettext_lazy("The quota is used up."),
    "NO_OPT_IN": gettext_lazy("The person has not agreed to notifications of the Mini App."),
    "NO_VISIT": gettext_lazy("The person has not opened the Mini App lately."),
    "FACTS_LACKING": gettext_lazy("The account asks for facts about the person that were not told."),
    "PERSON_DAY": gettext_lazy("The person has had the day's notification of this app."),
    "APP_DAY": gettext_lazy("The app has sent the day's notifications."),
    "BULK_PAUSED": gettext_lazy("Its bulk is paused."),
    "AUTO_HALTED": gettext_lazy("Its bulk has paused itself: too many messages failed."),
    "BULK_CANCELED": gettext_lazy("Its bulk is cancelled."),
    "PROVIDER_QUOTA": gettext_lazy("The provider's quota of today is used up."),
    "CHANNEL_STOPPED": gettext_lazy("The channel is stopped."),
    "CHANNEL_NOT_READY": gettext_lazy("The channel is not ready to send."),
    "WINDOWS_NEVER_MEET": gettext_lazy("The hours in which it may be sent never meet."),
    "DELIVERY_TIME_WINDOW": gettext_lazy("It is outside the delivery time window."),
    "QUIET_HOURS": gettext_lazy("The tenant has quiet hours."),
    "PROVIDER_NIGHT": gettext_lazy("The provider does not take it at night."),
    "ADVERTISING_HOURS": gettext_lazy("Promotions are not sent at this hour."),
    "PACE": gettext_lazy("Messages go one after the other, at a set pace."),
    "ERASED": gettext_lazy("It had not left and was stopped."),
    "SEND_AT": gettext_lazy("Its time has not come."),
    "TURN": gettext_lazy("It waits for its turn."),
    "ANSWER": gettext_lazy("A call for it is under way."),
    "RECEIPT": gettext_lazy("It was handed over; a receipt is awaited."),
}
_BY: Final = frozenset({"revealed", "cancelled"})
_UNITS: Final[Mapping[str, Any]] = {
    "SECOND": gettext_lazy("a second"),
    "MINUTE": gettext_lazy("a minute"),
    "HOUR": gettext_lazy("an hour"),
    "DAY": gettext_lazy("a day"),
}
_NEVER: Final = datetime(1970, 1, 1, tzinfo=UTC)
# These end at a time that says nothing to a person.
_NOT_TOLD: Final = frozenset({"ANSWER", "RECEIPT"})
# What stops a message for its person: `why` and `until` are then those of the mark.
_MARKED: Final = frozenset({"SUPPRESSED", "RECIPIENT_REMEMBERED"})


def line(event: EventView, zone: str) -> Line:
    """Return what an event says, times in `zone`; one of a type that is not known here is shown as it is."""
    kind = KINDS.get(event.type, _Kind("info", "default", event.type))
    detail = event.detail or {}
    return Line(
        kind.icon, kind.colour, str(kind.text), " ".join(_cause(event, detail, zone)), str(detail.get("advice", ""))
    )


def reason(code: str) -> str:
    """Return a reason in words, one that is not known here as it is."""
    return str(REASONS.get(code, code))


def waiting(found: Waiting, zone: str) -> str:
    """Return what a message waits for now in words, times in `zone`."""
    at = f"{found.until:%Y-%m-%dT%H:%M:%S%z}" if found.until else ""
    detail = {name: value for name, value in found.detail.items() if name not in ("until", "opensAt", "ms", "attempt")}
    if at and found.reason not in _NOT_TOLD:
        detail["until"] = at
    return " ".join(_cause(EventView(_NEVER, "held", found.reason, detail), detail, zone))


def _facts(marked: bool) -> dict[str, str]:
    why = _("It is noted as: %(value)s.") if marked else _("The channel says: %(value)s")
    return {"nextChannel": _("Next channel: %(value)s."), "why": why}


def _cause(event: EventView, detail: Mapping[str, Any], zone: str) -> list[str]:
    parts = []
    by_somebody = event.type in _BY and event.reason not in REASONS
    if event.reason:
        parts.append(_("By %(who)s.") % {"who": event.reason} if by_somebody else reason(event.reason))
    meaning = detail.get("meaning") or detail.get("reason", "")
    if detail.get("code"):
        parts.append(_("Code %(code)s: %(meaning)s.") % {"code": detail["code"], "meaning": str(meaning).rstrip(".")})
    elif meaning:
        parts.append(str(meaning))
    if detail.get("text") and detail["text"] != detail.get("meaning"):
        parts.append(_("In its words: “%(text)s”.") % {"text": detail["text"]})
    marked = event.reason in _MARKED
    parts += [text % {"value": detail[name]} for name, text in _facts(marked).items() if detail.get(name)]
    if "limit" in detail and "used" in detail:
        parts.append(_("%(used)s of %(limit)s are used.") % {"used": detail["used"], "limit": detail["limit"]})
    if "amount" in detail:
        unit = str(_UNITS.get(detail.get("timeUnit", ""), ""))
        parts.append(_("At most %(amount)s %(unit)s.") % {"amount": detail["amount"], "unit": unit})
    if detail.get("ahead"):
        parts.append(_("%(count)s are before it.") % {"count": detail["ahead"]})
    until = detail.get("until") or detail.get("opensAt")
    if until:
        text = _("This holds until %(at)s.") if marked else _("It goes on at %(at)s.")
        parts.append(text % {"at": moment(datetime.fromisoformat(until), zone)})
    if "asked" in detail:
        parts.append(_("Asked for it, the provider said: %(answer)s.") % {"answer": detail["asked"]})
    if detail.get("attempt", 0) > 1:
        parts.append(_("Attempt %(number)s.") % {"number": detail["attempt"]})
    if detail.get("ms"):
        parts.append(_("The call took %(ms)s ms.") % {"ms": detail["ms"]})
    return parts
