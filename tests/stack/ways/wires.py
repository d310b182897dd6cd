"""Each kind of channel as the sandbox imitates it: where sends arrive, who is magic there, a code of each class."""

from collections.abc import Mapping

import msgspec

from providers.sandbox.infobip.seeds import SMS_MAGIC as INFOBIP_SMS
from providers.sandbox.mini_app.owners import MAGIC as MINI_APP
from providers.sandbox.nxcloud.customers import SMS_MAGIC as NXCLOUD_SMS
from providers.sandbox.zalo.seeds import MAGIC as ZALO

BUSINESS, OA, MINI = "business.openapi.zalo.me", "openapi.zalo.me", "openapi.mini.zalo.me"
NXCLOUD, INFOBIP = "api.nxcloud.com", "api.infobip.com"


class Wire(msgspec.Struct, frozen=True, kw_only=True):
    """One kind. `codes` holds the code of a refusal by its class's letter; a code over 399 of a wire without codes is
    an HTTP status. `spent` is how many calls a code T takes before it is given up."""

    host: str
    path: str
    magic: Mapping[str, str]
    codes: Mapping[str, int]
    spent: int = 0
    by_status: bool = False
    to: str = "phone"
    receipts: bool = True

    def number(self, outcome: str) -> str:
        """Return the recipient to whom the sandbox gives this outcome."""
        return next(number for number, found in self.magic.items() if found == outcome)


WIRES: Mapping[str, Wire] = {
    "zns": Wire(
        host=BUSINESS,
        path="/message/template",
        magic=ZALO,
        codes={"R": -119, "P": -1124, "Q": -147, "T": -100, "A": -124, "C": -120},
        spent=4,
    ),
    "zns_uid": Wire(
        host=OA,
        path="/v3.0/oa/message/template",
        magic=ZALO,
        codes={"R": -213, "P": -1122, "Q": -218, "T": -200, "A": -216, "C": -212},
        spent=4,
        to="oaUserId",
    ),
    "oa": Wire(
        host=OA,
        path="/v3.0/oa/message/cs",
        magic=ZALO,
        codes={"R": -222, "P": -233, "Q": -211, "T": -200, "A": -220, "C": -221},
        spent=4,
        to="oaUserId",
    ),
    "mini_app": Wire(
        host=MINI,
        path="/notification/template",
        magic=MINI_APP,
        codes={"R": -111, "P": -101, "Q": -109, "T": -107, "C": -113},
        spent=3,
        to="miniAppUserId",
        receipts=False,
    ),
    "nxcloud": Wire(
        host=NXCLOUD,
        path="/v1/zalo/mt",
        magic=ZALO,
        codes={"R": 9002, "P": 9000, "Q": 1102, "T": 9001, "A": 1005, "C": 9003},
        spent=4,
    ),
    "nxcloud_sms": Wire(
        host=NXCLOUD,
        path="/v1/sms/mt",
        magic=NXCLOUD_SMS,
        codes={"R": 6, "P": 4, "Q": 3, "T": 88, "A": 1, "C": 8},
        spent=4,
    ),
    "infobip": Wire(
        host=INFOBIP, path="/zalo/2/messages", magic=ZALO, codes={"P": 400, "A": 401, "C": 404}, by_status=True
    ),
    "infobip_sms": Wire(
        host=INFOBIP, path="/sms/3/messages", magic=INFOBIP_SMS, codes={"P": 400, "A": 401, "C": 404}, by_status=True
    ),
}
