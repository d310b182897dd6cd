"""The table of SMS: what Infobip says of any message, and what is refused here before sending."""

from collections.abc import Mapping
from typing import Final

from providers.contract import ErrorRow
from providers.infobip.codes import refusals
from providers.infobip.errors import SHARED

ERRORS: Final[Mapping[str, ErrorRow]] = {**SHARED, **{row.code: row for row in refusals.LOCAL_SMS}}
