"""What the answers to questions mean, read leniently."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final

from providers.contract import DeliveryStatus, Event, EventKind, Question, Quota, TemplateDetail, TemplateParameter
from providers.infobip.reports import read_report
from providers.zalo.fields import as_bool, as_int, as_list, as_object, as_text

Root = Mapping[str, Any]
# Infobip gives up to a thousand, but so many of the longest rows are more than the transport reads.
MOST_ROWS: Final = 500
# Rows of logs name when they ended; where one does not, no time of ours is put in its place.
_NO_TIME: Final = datetime.fromisoformat("1970-01-01T00:00:00+00:00")
_TAGS: Final = {"TRANSACTION": "transaction", "CUSTOMER_CARE": "customer_care", "PROMOTION": "promotion"}
_STATUSES: Final = {"ENABLED": "ENABLE", "DISABLED": "DISABLE", "REJECTED": "REJECT"}


class Unreadable(Exception):
    """The answer says success and lacks what was asked for; the text names what."""


def _events(root: Root) -> list[Event]:
    rows = root.get("results")
    if not isinstance(rows, list):
        raise Unreadable("the answer holds no results")
    return [read_report(as_object(row), _NO_TIME) for row in rows]


def status(root: Root, question: Question) -> DeliveryStatus:
    """Return what became of the message with the question's `message_id`; of several rows the best end counts."""
    wanted = question.params["message_id"]
    kinds = {event.kind for event in _events(root) if event.leg_id == wanted}
    if EventKind.DELIVERED in kinds:
        return DeliveryStatus.DELIVERED
    if EventKind.FAILED in kinds:
        return DeliveryStatus.FAILED
    return DeliveryStatus.PENDING if kinds else DeliveryStatus.NOT_FOUND


def records(root: Root, question: Question) -> dict[str, Any]:
    """Return the rows as `events`, and whether there may be `more` than the limit let through."""
    events = _events(root)
    return {"events": events, "more": len(events) >= (as_int(question.params.get("limit")) or MOST_ROWS)}


def quota(root: Root, _: Question) -> dict[str, Any]:
    """Return `quota` (of today, a Quota) and `promotion` (numbers, None where none was told)."""
    promotion = {
        "monthly": "monthlyPromotionQuota",
        "monthly_remaining": "remainingMonthlyPromotionQuota",
        "next_month_estimate": "estimatedNextMonthPromotionQuota",
    }
    return {
        "quota": Quota(daily=as_int(root.get("dailyQuota")), remaining=as_int(root.get("remainingDailyQuota"))),
        "promotion": {ours: as_int(root.get(theirs)) for ours, theirs in promotion.items()},
    }


def templates(root: Root, _: Question) -> dict[str, Any]:
    """Return one page: `ids`, `items` ({id, name, status, quality}; quality is never told) and the `total`."""
    items = [
        {
            "id": as_text(entry.get("templateName")),
            "name": as_text(entry.get("displayName")),
            "status": _status_word(entry.get("status")),
            "quality": "",
        }
        for entry in map(as_object, as_list(root.get("results")))
        if as_text(entry.get("templateName"))
    ]
    total = as_int(as_object(root.get("paging")).get("totalResults"))
    return {"ids": [item["id"] for item in items], "items": items, "total": len(items) if total is None else total}


def template(root: Root, question: Question) -> TemplateDetail:
    """Return one template. Infobip tells neither its time nor its price."""
    if not root.get("templateName") and not root.get("displayName"):
        raise Unreadable("the answer holds no template")
    tag = as_text(root.get("templateTag")).upper()
    return TemplateDetail(
        id=as_text(root.get("templateName")) or question.params.get("template_id", ""),
        name=as_text(root.get("displayName")),
        status=_status_word(root.get("status")),
        tag=_TAGS.get(tag, tag.lower()),
        parameters=tuple(
            TemplateParameter(
                name=as_text(entry.get("name")),
                required=as_bool(entry.get("required", True)),
                type=as_text(entry.get("type")) or "STRING",
                min_length=max(0, as_int(entry.get("minLength")) or 0),
                max_length=max(0, as_int(entry.get("maxLength")) or 0),
            )
            for entry in map(as_object, as_list(root.get("templateProperties")))
            if as_text(entry.get("name"))
        ),
        preview_url=as_text(root.get("previewUrl")),
    )


def public_key(root: Root, _: Question) -> dict[str, str]:
    """Return the sender's `public_key`, Base64 of DER."""
    key = as_text(root.get("publicKey"))
    if not key:
        raise Unreadable("the answer holds no key")
    return {"public_key": key}


def balance(root: Root, _: Question) -> dict[str, str]:
    """Return the account's balance: `amount` as a decimal number in a text, and `currency`."""
    amount = as_text(root.get("balance"))
    if not amount:
        raise Unreadable("the answer holds no balance")
    return {"amount": amount, "currency": as_text(root.get("currency"))}


def connected(root: Root, question: Question) -> dict[str, Any]:
    """Return that the key is good, for which `sender` if one was asked about."""
    return {"sender": question.params.get("sender", "")}


def _status_word(value: object) -> str:
    text = as_text(value).strip()
    return _STATUSES.get(text, text)
