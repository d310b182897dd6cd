"""Statistics: the parameters are checked as section 6 of zalo-mini-app.md says, the figures are invented."""

from providers.sandbox.exchange import Answer, Request
from providers.sandbox.mini_app.access import Refusal, success

DAY_MS, VIETNAM_MS, MOST_DAYS = 86_400_000, 7 * 3_600_000, 90
TYPES = frozenset(
    {
        *("overview", "utm-sources", "access-traffic", "traffic-by-sources", "traffic-by-zalo-sources"),
        *("platform", "age", "gender", "avg-used-time", "used-time"),
    }
)


def statistics(request: Request, app_id: str) -> Answer:
    """Return a figure for each day asked for. Raises Refusal."""
    params = request.params()
    start, end = params.get("startTime", ""), params.get("endTime", "")
    if params.get("miniAppId") != app_id or not start or not end or "type" not in params:
        raise Refusal(-100, "Required parameters wasn't present")
    if not (start.isdecimal() and end.isdecimal() and params["type"] in TYPES):
        raise Refusal(-101, "Invalid parameters")
    first, last = int(start), int(end)
    days = (last + VIETNAM_MS) // DAY_MS - (first + VIETNAM_MS) // DAY_MS + 1
    if (first + VIETNAM_MS) % DAY_MS or last < first or days > MOST_DAYS:
        raise Refusal(-101, "Invalid parameters: startTime, endTime")
    series = [{"time": first + day * DAY_MS, "value": 100 + day} for day in range(days)]
    return success({"type": params["type"], "series": series})
