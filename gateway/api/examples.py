"""Examples in the API's description."""

from drf_spectacular.utils import OpenApiExample

SEND = OpenApiExample(
    "A bill",
    request_only=True,
    value={
        "messages": [
            {
                "to": "0987654321",
                "templateId": "7895417a7d3f9461cd2e",
                "templateData": {"customer": "Nguyễn Thị Hoàng Anh", "amount": 100},
                "messageId": "bill-2026-12-PE010299485",
                "reference": "PE010299485",
            }
        ],
        "options": {"class": "transactional", "validityPeriod": {"amount": 30, "timeUnit": "MINUTES"}},
    },
)
ACCEPTED = OpenApiExample(
    "Accepted",
    response_only=True,
    status_codes=["202"],
    value={
        "bulkId": "01a4a2f0c5d87c3e9f0b1d2e3f405162",
        "messages": [
            {
                "messageId": "bill-2026-12-PE010299485",
                "to": "84987654321",
                "state": "queued",
                "final": False,
                "status": {
                    "groupId": 1,
                    "groupName": "PENDING",
                    "id": 26,
                    "name": "PENDING_ACCEPTED",
                    "description": "Accepted; waits for its turn.",
                },
            }
        ],
    },
)
