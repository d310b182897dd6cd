"""Codes of a template sent by user id: those of the host that takes it, and those of templates."""

from collections.abc import Mapping
from functools import partial
from typing import Final

from providers.contract import ErrorClass, ErrorRow, Failover
from providers.zalo import oa_errors
from providers.zns.errors import ERRORS as TEMPLATE_ERRORS
from providers.zns.errors import row_for as template_row

# No page says which codes a bad template gets at this host, so both tables hold. Where they differ the host's own row
# counts, except for -100: there it is an expired attachment, which a template has not.
_TEMPLATES_MEANING: Final = frozenset({"-100", "-100-unknown"})

_limit = partial(ErrorRow, error_class=ErrorClass.MESSAGE)

NOT_A_TEMPLATE: Final = _limit(
    code="limit-template", meaning="Only templates go by this channel", advice="Send it as a consultation message."
)
NO_PERSON: Final = ErrorRow(
    code="limit-user-id",
    meaning="The message names no user id of the Official Account",
    error_class=ErrorClass.RECIPIENT,
    advice="Give the person's id at this Official Account, or use another channel.",
)
NO_DEVELOPMENT_MODE: Final = _limit(
    code="limit-development",
    meaning="There is no development mode by user id",
    failover=Failover.NO,
    advice="Test the template by phone number: by user id it would reach the person for real.",
)
NO_JOURNEYS: Final = _limit(
    code="limit-journey",
    meaning="Templates of journeys do not go by user id",
    advice="Send templates of journeys by phone number.",
)

ERRORS: Final[Mapping[str, ErrorRow]] = {
    **TEMPLATE_ERRORS,
    **{code: row for code, row in oa_errors.OA_ERRORS.items() if code not in _TEMPLATES_MEANING},
    **{row.code: row for row in (NOT_A_TEMPLATE, NO_PERSON, NO_DEVELOPMENT_MODE, NO_JOURNEYS)},
}


def row_for(code: int, text: str = "") -> ErrorRow:
    """Return the row of `code`, of an overloaded one that which `text` tells of; for an unknown one a row says so."""
    if str(code) in oa_errors.OA_ERRORS and str(code) not in _TEMPLATES_MEANING:
        return oa_errors.row_for(code, text)
    return template_row(code)
