"""How many messages of today stand where, at a cost that does not grow with the traffic."""

from collections import Counter
from collections.abc import Sequence
from datetime import datetime, time
from typing import Any, Final, NamedTuple
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from django.conf import settings
from django.urls import reverse

from messaging.admin.showing import COLOURS
from messaging.ids import lowest_id
from messaging.sql import cursor
from messaging.states import State
from tenants import clock
from tenants.models import Tenant

# More of a tenant are not counted: the page then says that these are the newest.
MOST_COUNTED: Final = 20_000
MOST_TENANTS: Final = 10
_COUNT = """
SELECT state, count(*) FROM (
    SELECT state FROM message WHERE id >= %(since)s {tenant} ORDER BY id DESC LIMIT %(most)s
) AS newest GROUP BY state
"""


class Figure(NamedTuple):
    """How many messages stand in a state; `link` leads to their list."""

    label: str
    colour: str
    number: int
    link: str


def traffic(tenant_ids: Sequence[int] | None) -> dict[str, Any]:
    """Return `figures` of today for these tenants (None for all), `total`, and whether `more` were not counted."""
    counts: Counter[int] = Counter()
    more = False
    for tenant in [None] if tenant_ids is None else Tenant.objects.filter(pk__in=tenant_ids)[:MOST_TENANTS]:
        found = _count(tenant)
        counts.update(found)
        more = more or sum(found.values()) >= MOST_COUNTED
    link = reverse("admin:messaging_message_changelist")
    figures = [
        Figure(
            str(state.label),
            COLOURS[state],
            counts[state],
            f"{link}?{urlencode({'accepted': '1d', 'state': state.word})}",
        )
        for state in State
        if counts[state]
    ]
    return {"figures": figures, "total": counts.total(), "more": more, "link": f"{link}?accepted=1d"}


def _count(tenant: Tenant | None) -> dict[int, int]:
    zone = ZoneInfo(tenant.time_zone if tenant else settings.TIME_ZONE)
    midnight = datetime.combine(clock.now().astimezone(zone).date(), time.min, zone)
    values: dict[str, Any] = {"since": lowest_id(midnight), "most": MOST_COUNTED}
    if tenant is not None:
        values["tenant"] = tenant.pk
    with cursor() as sql:
        query = _COUNT.format(tenant="AND tenant_id = %(tenant)s" if tenant is not None else "")
        return dict(sql.execute(query, values).fetchall())
