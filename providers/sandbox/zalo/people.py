"""People as each official account knows them: who follows, when they last wrote, what they refuse.

Every Vietnamese mobile number has a user id at every account, and the id of one account is nobody at another
(zalo-zns-oa.md 7.3). Who was never touched follows the account and wrote an hour ago.
"""

import re
from typing import Any

import msgspec

from providers.sandbox.state import Sandbox
from providers.sandbox.zalo.seeds import MAGIC, OfficialAccount

HOUR = 3_600.0
KEPT_AT_MOST = 10_000
ORDINARY = tuple(f"849770001{number:02d}" for number in range(1, 20))
_ID = re.compile(r"675([0-9]{5})(84[35789][0-9]{8}|84900000[0-9]{3})", re.ASCII)
_ANY_ID = re.compile(r"[0-9A-Za-z_-]{1,64}", re.ASCII)
_NAMES = ("Trần Văn Bình", "Lê Thị Hoa", "Phạm Minh Châu", "Võ Quốc Dũng", "Đặng Thu Hà", "Bùi Gia Hân", "Hồ Ngọc Lan")


class Person(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """One person at one account; `interacted_at` in epoch seconds, None: an hour ago, whenever that is asked."""

    account: str
    user_id: str
    name: str
    follows: bool = True
    interacted_at: float | None = None
    restricts: bool = False
    info: dict[str, str] = {}

    def silence(self, now: float) -> float:
        """Return the seconds since the person last interacted with the account."""
        return HOUR if self.interacted_at is None else now - self.interacted_at

    @property
    def phone(self) -> str:
        """The number in the id, empty for an id of another form."""
        found = _ID.fullmatch(self.user_id)
        return found[2] if found else ""

    @property
    def magic(self) -> str:
        """The fixed outcome of sends to this person."""
        return MAGIC.get(self.phone or self.user_id, "delivered")

    @property
    def by_app(self) -> str:
        """The person's id at the app, which is another one."""
        return "552" + self.user_id[3:] if len(self.user_id) > 3 else "552" + self.user_id


def user_id(account: OfficialAccount, phone: str) -> str:
    """Return the id at the account of the person with this number (84 and nine digits)."""
    return f"675{account.id[-5:]}{phone}"


class People:
    """Everybody at every account; what was changed survives a restart."""

    def __init__(self, sandbox: Sandbox) -> None:
        self._sandbox = sandbox
        saved = sandbox.store.load("SELECT value FROM state WHERE name = 'people'")
        changed = msgspec.json.decode(saved[0][0], type=list[Person]) if saved else []
        self._changed = {(person.account, person.user_id): person for person in changed}

    def find(self, account: OfficialAccount, wanted: str) -> Person | None:
        """Return the person with this id at the account, None if it is nobody's there.

        The shared account knows every id; the magic numbers themselves are ids everywhere.
        """
        if known := self._changed.get((account.id, wanted)):
            return known
        found = _ID.fullmatch(wanted)
        own = found is not None and found[1] == account.id[-5:]
        if not (own or wanted in MAGIC or (account.shared and _ANY_ID.fullmatch(wanted))):
            return None
        name = _NAMES[sum(map(ord, wanted)) % len(_NAMES)]
        return Person(account=account.id, user_id=wanted, name=name)

    def change(self, person: Person, **fields: Any) -> Person:
        """Keep the person with these fields changed and return them as they are now."""
        changed = msgspec.structs.replace(person, **fields)
        key = (person.account, person.user_id)
        self._changed.pop(key, None)
        self._changed[key] = changed
        if len(self._changed) > KEPT_AT_MOST:
            del self._changed[next(iter(self._changed))]
        self._sandbox.store.keep("people", list(self._changed.values()))
        return changed

    def listed(self, account: OfficialAccount) -> list[Person]:
        """Return the seeded people of the account and those changed since, whether they follow or not."""
        ids = dict.fromkeys(user_id(account, phone) for phone in (*MAGIC, *ORDINARY))
        ids |= dict.fromkeys(wanted for owner, wanted in self._changed if owner == account.id)
        found = (self.find(account, wanted) for wanted in ids)
        return [person for person in found if person is not None]
