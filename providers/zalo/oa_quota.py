"""The purses that messages of an Official Account are paid from (zalo-zns-oa.md section 7.3)."""

from datetime import date, datetime
from typing import Any, Final

from providers.contract import Question, Quota
from providers.zalo.envelope import Envelope
from providers.zalo.fields import as_int, as_list, as_object, as_text

QUOTA_PATH: Final = "/v3.0/oa/quota/message"


def purses(envelope: Envelope, _: Question) -> dict[str, Any]:
    """Return `purses` and an empty `quota`: there is no allowance of a day for these messages."""
    return {
        "quota": Quota(),
        "purses": [
            {
                "id": as_text(purse.get("asset_id")),
                "product": as_text(purse.get("product_type")),
                "kind": as_text(purse.get("quota_type")),
                "valid_through": day(purse.get("valid_through")),
                "total": as_int(purse.get("total")),
                "remaining": as_int(purse.get("remain")),
            }
            for purse in map(as_object, as_list(envelope.data))
        ],
    }


def day(value: object) -> date | None:
    """Return the day that Zalo writes as dd/mm/yyyy, in Viet Nam; None for anything else."""
    try:
        return datetime.strptime(as_text(value).strip(), "%d/%m/%Y").date()
    except ValueError:
        return None
