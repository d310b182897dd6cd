"""The texts of the last days as NXCloud can be asked for them (nxcloud.md 6.3). They survive a restart."""

from datetime import UTC, datetime
from typing import Any

import msgspec

from providers.sandbox.nxcloud.office import ZONE, local_time
from providers.sandbox.store import Store

KEEP, TRIM_EVERY = 20_000, 2_000
_ONE = "SELECT value FROM state WHERE name = ?"
_DAY = "SELECT value FROM state WHERE name >= ? AND name < ? ORDER BY json_extract(value, '$.sent_at')"
_TRIM = (
    "DELETE FROM state WHERE name LIKE 'nxsms:%' AND name NOT IN (SELECT name FROM state WHERE name LIKE 'nxsms:%' "
    "ORDER BY json_extract(value, '$.sent_at') DESC LIMIT ?)"
)


class SmsRecord(msgspec.Struct, frozen=True, kw_only=True):
    """One text that was taken; times are epoch seconds, `reported_at` None where its end is never told."""

    id: str
    appkey: str
    phone: str
    sender: str
    text: str
    ext: str
    sent_at: float
    reported_at: float | None
    end: str
    size: int
    price: float

    def row(self, now: float) -> dict[str, Any]:
        """Return the record as a query shows it at `now`."""
        over = self.reported_at is not None and self.reported_at <= now
        return {
            "senderid": self.sender,
            "body": self.text,
            "phone": self.phone,
            "msgid": self.id,
            "dr": self.end if over else "",
            "dr_status": ("Success" if self.end == "DELIVRD" else "Fail") if over else "",
            "date": local_time(self.sent_at),
            "dr_time": local_time(self.reported_at) if over and self.reported_at else "",
            "billing_size": self.size,
            "billing_price": self.price,
            "billing_status": "Billed",
            "network": "VIETTEL",
        }


def day_of(at: float) -> str:
    """Return the day of epoch seconds as queries name it."""
    return datetime.fromtimestamp(at, UTC).astimezone(ZONE).strftime("%Y%m%d")


class SmsRecords:
    """The bounded list of texts."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._since_trim = 0

    async def add(self, record: SmsRecord) -> None:
        """Keep a record; of one id the last is kept."""
        self._store.keep(f"nxsms:{record.appkey}:{day_of(record.sent_at)}:{record.id}", record)
        self._since_trim += 1
        if self._since_trim >= TRIM_EVERY:
            self._since_trim = 0
            await self._store.run(lambda database: database.execute(_TRIM, (KEEP,)) and None)

    async def find(self, appkey: str, day: str, message_id: str) -> SmsRecord | None:
        """Return one record of a day."""
        rows = await self._store.read(_ONE, (f"nxsms:{appkey}:{day}:{message_id}",))
        return msgspec.json.decode(rows[0][0], type=SmsRecord) if rows else None

    async def of_day(self, appkey: str, day: str) -> list[SmsRecord]:
        """Return the records of a day, oldest first."""
        prefix = f"nxsms:{appkey}:{day}:"
        rows = await self._store.read(_DAY, (prefix, prefix + "~"))
        return [msgspec.json.decode(value, type=SmsRecord) for (value,) in rows]
