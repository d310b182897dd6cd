"""What is shown of an answer to the partner: keys masked, refusals in words."""

from typing import Any, Final

from django.utils.translation import gettext as _

from providers.contract import Answer
from providers.zalo.wording import MASK

SECRETS: Final = frozenset({"privateKey", "key1", "key2", "secretKey", "accessKey", "xApiClient"})


def why(answer: Answer) -> str:
    """Return why there is no data, and what to do."""
    if answer.error is None:
        return _("No answer of the API: %(reason)s; look what was done before trying again.") % {
            "reason": answer.reason
        }
    told = {"code": answer.error.code, "reason": answer.reason.rstrip("."), "advice": answer.error.advice}
    return _("Refused with %(code)s: %(reason)s. %(advice)s") % told


def masked(value: Any) -> Any:
    """Return an answer's data without the keys of payment channels."""
    if isinstance(value, dict):
        return {name: MASK if name in SECRETS and each else masked(each) for name, each in value.items()}
    return [masked(each) for each in value] if isinstance(value, list) else value
