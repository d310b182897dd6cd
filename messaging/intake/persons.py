"""To whom a message goes: a phone number, or every id of the person that the client knows."""

from datetime import datetime, timedelta
from typing import Final

from messaging.content import Person
from messaging.intake.errors import Findings
from messaging.intake.request import PersonIn
from messaging.phones import normalise

# A client's clock may be ahead.
FUTURE_TOLERANCE: Final = timedelta(minutes=5)


def read_person(to: str | PersonIn | None, where: str, findings: Findings) -> Person | None:
    """Return the person; what is wrong goes to `findings`, where None was told already."""
    if to is None:
        return None
    if isinstance(to, str):
        phone = normalise(to)
        if phone is None:
            findings.add(where, "invalid", f"{where} is not a phone number.")
            return None
        return Person(phone)
    number = normalise(to.phone) if to.phone else ""
    if number is None:
        findings.add(f"{where}.phone", "invalid", f"{where}.phone is not a phone number.")
        return None
    if not (number or to.oa_user_id or to.mini_app_user_id):
        findings.add(where, "required", f"{where} needs phone, oaUserId or miniAppUserId.")
        return None
    return Person(number, to.oa_user_id or "", to.mini_app_user_id or "")


def check_facts(to: PersonIn, where: str, now: datetime, findings: Findings) -> None:
    """Note facts about a Mini App's user that are about nobody, or lie ahead of `now` (aware)."""
    given = {"optedIn": to.opted_in, "lastVisit": to.last_visit}
    for name, value in given.items():
        if value is not None and not to.mini_app_user_id:
            findings.add(f"{where}.{name}", "no_user", f"{where}.{name} needs miniAppUserId beside it.")
    if to.last_visit is not None and to.last_visit - now > FUTURE_TOLERANCE:
        findings.add(f"{where}.lastVisit", "in_the_future", f"{where}.lastVisit lies in the future.")
