"""Hours that providers and law set, as data: each row names its source."""

from collections.abc import Sequence
from datetime import time
from zoneinfo import ZoneInfo

import msgspec

from messaging.policies.windows import Window
from messaging.states import MessageClass

VIETNAM = ZoneInfo("Asia/Ho_Chi_Minh")


class HourRule(msgspec.Struct, frozen=True):
    """Messages of these classes over channels of these kinds go only from `opens` to `closes` in Viet Nam."""

    kinds: frozenset[str]
    classes: frozenset[MessageClass]
    opens: time
    closes: time
    reason: str
    source: str


RULES: Sequence[HourRule] = (
    HourRule(
        kinds=frozenset({"zns", "zns_uid", "nxcloud", "infobip"}),
        classes=frozenset({MessageClass.PROMOTIONAL}),
        opens=time(6),
        closes=time(22),
        reason="PROVIDER_NIGHT",
        source="zalo-zns-oa.md section 9, Night window: tag 3 from 06:00 to 21:59, else -133 or -234",
    ),
    HourRule(
        kinds=frozenset({"nxcloud_sms", "infobip_sms"}),
        classes=frozenset({MessageClass.PROMOTIONAL}),
        opens=time(7),
        closes=time(22),
        reason="ADVERTISING_HOURS",
        source="Decree 91/2020/ND-CP, article 13: advertising text messages from 7 to 22 o'clock",
    ),
    HourRule(
        kinds=frozenset({"mini_app"}),
        classes=frozenset(MessageClass),
        opens=time(6),
        closes=time(22),
        reason="PROVIDER_NIGHT",
        source="zalo-mini-app.md section 2, Eligibility, quota, hours: notifications from 06:00 to 22:00",
    ),
)


def provider_windows(kind: str, message_class: int) -> list[Window]:
    """Return the windows that bind messages of a class over a kind of channel."""
    return [
        Window(rule.opens, rule.closes, zone=VIETNAM, reason=rule.reason)
        for rule in RULES
        if kind in rule.kinds and message_class in rule.classes
    ]
