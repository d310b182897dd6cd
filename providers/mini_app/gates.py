"""Who may be notified, by what the tenant tells of them, and how many a day (zalo-mini-app.md section 2)."""

from datetime import datetime, timedelta
from typing import Final

from providers.contract import ErrorRow
from providers.mini_app.codes import gates

VISIT_HOLDS: Final = timedelta(days=7)
MOST_A_PERSON: Final = 1
MOST_AN_APP: Final = 1_000


def gate(opted_in: bool | None, last_visit: datetime | None, now: datetime, *, required: bool) -> ErrorRow | None:
    """Return why a person must not be notified at `now`, None if nothing speaks against it; times are aware.

    None stands for a fact that was not told; it says nothing unless facts are `required`.
    """
    if opted_in is False:
        return gates.NO_OPT_IN
    if required and (opted_in is None or last_visit is None):
        return gates.FACTS_LACKING
    return gates.NO_VISIT if last_visit is not None and now - last_visit > VISIT_HOLDS else None
