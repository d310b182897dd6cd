"""Hours that several providers share, because Zalo or the law sets them."""

from datetime import time
from typing import Final

from providers.kinds import OpenHours

ZALO_PROMOTIONS: Final = OpenHours(
    classes=frozenset({"promotional"}),
    opens=time(6),
    closes=time(22),
    reason="PROVIDER_NIGHT",
    source="zalo-zns-oa.md section 9, Night window: tag 3 from 06:00 to 21:59, else -133 or -234",
)
ADVERTISING_TEXTS: Final = OpenHours(
    classes=frozenset({"promotional"}),
    opens=time(7),
    closes=time(22),
    reason="ADVERTISING_HOURS",
    source="Decree 91/2020/ND-CP, article 13: advertising text messages from 7 to 22 o'clock",
)
