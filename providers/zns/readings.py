"""What the answers to questions mean, read leniently: numbers as texts, absent fields and old names are all met."""

from typing import Any, Final

from providers.contract import DeliveryStatus, Question, Quota, TemplateDetail, TemplateParameter
from providers.zalo.envelope import Envelope
from providers.zalo.fields import as_bool, as_int, as_list, as_object, as_text, as_time
from providers.zalo.official_account import Unreadable

_DELIVERY: Final[dict[int | None, DeliveryStatus]] = {
    -1: DeliveryStatus.NOT_FOUND,
    0: DeliveryStatus.PENDING,
    1: DeliveryStatus.DELIVERED,
}
_OTP_SECONDS: Final = 15.0
_TEMPLATE_STATUS: Final = {"1": "ENABLE", "2": "PENDING_REVIEW", "3": "REJECT", "4": "DISABLE"}
# The names of today and those before April 2024, which aggregators still show (section 5.2). OTP is a type of template
# now; where it is still written as a tag it says more than "transaction".
_TAGS: Final = {
    "1": "transaction",
    "TRANSACTION": "transaction",
    "IN_TRANSACTION": "transaction",
    "POST_TRANSACTION": "transaction",
    "2": "customer_care",
    "CUSTOMER_CARE": "customer_care",
    "ACCOUNT_UPDATE": "customer_care",
    "GENERAL_UPDATE": "customer_care",
    "3": "promotion",
    "PROMOTION": "promotion",
    "FOLLOW_UP": "promotion",
    "OTP": "otp",
}


def tag(value: object) -> str:
    """Return our word for a tag in Zalo's new or old name, an unknown name in lower case."""
    name = as_text(value).strip().upper()
    return _TAGS.get(name, name.lower())


def status(envelope: Envelope, _: Question) -> DeliveryStatus:
    """Return what became of a message."""
    known = _DELIVERY.get(as_int(envelope.fields.get("status")))
    if known is None:
        raise Unreadable("the answer tells no status that is known")
    return known


def templates(envelope: Envelope, question: Question) -> dict[str, Any]:
    """Return one page of the list: `ids`, `items` ({id, name, status, quality}) and the `total` over all pages."""
    items = [
        {
            "id": as_text(entry.get("templateId")),
            "name": as_text(entry.get("templateName")),
            "status": _status_word(entry.get("status")),
            "quality": as_text(entry.get("templateQuality")),
        }
        for entry in map(as_object, as_list(envelope.data))
        if as_text(entry.get("templateId"))
    ]
    total = as_int(as_object(envelope.root.get("metadata")).get("total"))
    seen = (as_int(question.params.get("offset")) or 0) + len(items)
    return {"ids": [item["id"] for item in items], "items": items, "total": seen if total is None else total}


def template(envelope: Envelope, question: Question) -> TemplateDetail:
    """Return one template; Zalo's milliseconds become seconds.

    The detail does not tell the type of a template, yet only one-time passwords are held to fifteen seconds (section
    5.1): a transaction template with that time is one.
    """
    data = envelope.fields
    if not data:
        raise Unreadable("the answer holds no template")
    milliseconds = as_int(data.get("timeout"))
    seconds = milliseconds / 1000 if milliseconds is not None and milliseconds > 0 else None
    known_tag = tag(data.get("templateTag"))
    return TemplateDetail(
        id=as_text(data.get("templateId")) or question.params.get("template_id", ""),
        name=as_text(data.get("templateName")),
        status=_status_word(data.get("status")),
        tag="otp" if known_tag == "transaction" and seconds == _OTP_SECONDS else known_tag,
        quality=as_text(data.get("templateQuality")),
        parameters=tuple(
            TemplateParameter(
                name=as_text(entry.get("name")),
                required=as_bool(entry.get("require", True)),
                type=as_text(entry.get("type")) or "STRING",
                min_length=max(0, as_int(entry.get("minLength")) or 0),
                max_length=max(0, as_int(entry.get("maxLength")) or 0),
            )
            for entry in map(as_object, as_list(data.get("listParams")))
            if as_text(entry.get("name"))
        ),
        timeout=seconds,
        price=as_text(data.get("price_sdt")) or as_text(data.get("price")),
        preview_url=as_text(data.get("previewUrl")),
    )


def sample(envelope: Envelope, _: Question) -> dict[str, str]:
    """Return the sample value of each parameter."""
    return {name: as_text(value) for name, value in envelope.fields.items()}


def quota(envelope: Envelope, _: Question) -> dict[str, Any]:
    """Return `quota` (of today, a Quota) and `promotion` (numbers, None where Zalo told none)."""
    data = envelope.fields
    promotion = {
        "daily": "dailyQuotaPromotion",
        "daily_remaining": "remainingQuotaPromotion",
        "monthly": "monthlyPromotionQuota",
        "monthly_remaining": "remainingMonthlyPromotionQuota",
        "next_month_estimate": "estimatedNextMonthPromotionQuota",
    }
    return {
        "quota": Quota(daily=as_int(data.get("dailyQuota")), remaining=as_int(data.get("remainingQuota"))),
        "promotion": {ours: as_int(data.get(theirs)) for ours, theirs in promotion.items()},
    }


def tags(envelope: Envelope, _: Question) -> list[str]:
    """Return the tags that the official account may use, in our words."""
    return [tag(value) for value in as_list(envelope.data) if as_text(value)]


def quality(envelope: Envelope, _: Question) -> dict[str, str]:
    """Return the official account's quality `now` (48 hours) and over `seven_days`, in Zalo's words."""
    data = envelope.fields
    return {"now": as_text(data.get("oaCurrentQuality")), "seven_days": as_text(data.get("oa7dayQuality"))}


def journey_token(envelope: Envelope, _: Question) -> dict[str, str]:
    """Return the `token` of a journey and its `journey_id`, which Zalo writes beside and not in `data`."""
    fields = {**envelope.fields, **envelope.root}
    token = as_text(fields.get("token"))
    if not token:
        raise Unreadable("the answer holds no journey token")
    return {"token": token, "journey_id": as_text(fields.get("journey_id"))}


def journey_check(envelope: Envelope, _: Question) -> dict[str, Any]:
    """Return whose a journey token is and its times (aware, None where unread)."""
    data = envelope.fields
    return {
        "app_id": as_text(data.get("appId")),
        "oa_id": as_text(data.get("oaId")),
        "created_at": as_time(data.get("createdAt")),
        "expires_at": as_time(data.get("expiredAt")),
    }


def _status_word(value: object) -> str:
    text = as_text(value).strip()
    return _TEMPLATE_STATUS.get(text, text)
