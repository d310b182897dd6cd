"""What NXCloud reports of a Zalo message, as it words it (nxcloud.md section 4). Nothing is signed."""

from typing import Any

import msgspec

from providers.sandbox.nxcloud.customers import ZALO_PRICE
from providers.sandbox.nxcloud.office import local_time

HEADERS = {"Content-Type": "application/json"}
COST = {"currency": "USD", "originalPrice": ZALO_PRICE / 1000}
_encode = msgspec.json.Encoder().encode


class Reporter(msgspec.Struct, frozen=True):
    """Words the reports of one message; times in epoch seconds."""

    request_id: str
    ext: str

    def success(self, at: float, message_id: str, quota: tuple[int, int]) -> bytes:
        """Return the report that Zalo took the message; `quota` is the day's and what is left of it."""
        data = {
            "msg_id": message_id,
            "sent_time": str(int(at * 1000)),
            "sending_mode": "1",
            "quota": {"remainingQuota": str(quota[1]), "dailyQuota": str(quota[0])},
        }
        zalo = {"error": 0, "message": "Success", "sysMsg": "Success", "cusMsg": "Success", "data": data}
        return self._report("success", 0, "Successfully sent.", at, cost=COST, zaloRes=zalo)

    def delivered(self, at: float) -> bytes:
        """Return the report that the message is on the phone."""
        return self._report("delivered", 17003, "Zalo message has delivered", at)

    def failed(self, at: float, code: int, text: str) -> bytes:
        """Return the report that Zalo refused the message with its own `code` and `text`."""
        zalo = {"error": code, "message": text, "sysMsg": text, "cusMsg": text, "data": None}
        return self._report("failed", 17004, f"Zalo send error({text})", at, zaloRes=zalo)

    def journey(self, at: float) -> bytes:
        """Return the report that the journey begins to be charged."""
        ids = {"oaId": "5200000000000000011", "journeyId": "journey-1", "appId": "7100000000000000101"}
        fields = {"status": "journey_acknowledged", "requestId": self.request_id, "code": 17006}
        more = {"message": "Journey acknowledged", "timestamp": str(int(at * 1000)), "ext": self.ext, "cost": COST}
        return _encode({**fields, **more, **ids})

    def _report(self, status: str, code: int, message: str, at: float, **more: Any) -> bytes:
        fields = {"status": status, "requestId": self.request_id, "code": code, "message": message}
        return _encode({**fields, "sendTime": local_time(at), "ext": self.ext, **more})
